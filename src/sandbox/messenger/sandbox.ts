import type { ChannelSandbox } from '../contract.ts';
import { startMessengerSimulator } from './simulator.ts';

const page = {
  pageId: '555',
  appId: '9911',
  appSecret: 'app-secret-1',
  pageToken: 'PAGE-TOKEN-1',
  humanAgent: true,
};

export const messenger: ChannelSandbox = {
  kind: 'messenger',
  label: 'Messenger',
  start: async (options) => {
    const simulator = await startMessengerSimulator({ ...page, pageName: 'Acme', ...options });
    return { ...simulator, addCustomer: ({ user, ...customer }) => simulator.addCustomer({ psid: user, ...customer }) };
  },
  account: ({ url }) => ({ kind: 'messenger', ...page, verifyToken: 'verify-1', apiUrl: url }),
  user: (n) => `78${String(n).padStart(14, '0')}`,
  sends: ['text', 'image', 'video', 'audio', 'file', 'sticker', 'location', 'link', 'postback'],
};
