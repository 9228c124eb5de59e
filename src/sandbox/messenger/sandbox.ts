import type { ChannelSandbox, ChannelSimulator } from '../contract.ts';
import { type RunningMessengerSimulator, startMessengerSimulator } from './simulator.ts';

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
  accent: '#0a66ff',
  start: async (options) => asChannel(await startMessengerSimulator({ ...page, pageName: 'Acme', ...options })),
  // The simulator acts at once, or never.
  account: ({ url }) => ({ kind: 'messenger', ...page, verifyToken: 'verify-1', apiUrl: url, actsWithin: '4s' }),
  user: (n) => `78${String(n).padStart(14, '0')}`,
  sends: ['text', 'image', 'video', 'audio', 'file', 'sticker', 'location', 'link', 'postback'],
};

/** The simulator as every channel's is. */
export const asChannel = (simulator: RunningMessengerSimulator): ChannelSimulator => ({
  ...simulator,
  addCustomer: ({ user, ...customer }) => simulator.addCustomer({ psid: user, ...customer }),
});
