import type { ChannelSandbox } from '../contract.ts';
import { startInstagramSimulator } from './simulator.ts';

const account = {
  accountId: '17841400000000555',
  token: 'IG-TOKEN-1',
  appSecret: 'app-secret-1',
};

export const instagram: ChannelSandbox = {
  kind: 'instagram',
  label: 'Instagram',
  accent: '#b92d7c',
  start: (options) => startInstagramSimulator({ ...account, username: 'acme.shop', humanAgent: true, ...options }),
  account: ({ url }) => ({
    kind: 'instagram',
    ...account,
    humanAgent: true,
    verifyToken: 'verify-1',
    apiUrl: url,
    // The simulator acts at once, or never.
    actsWithin: '4s',
  }),
  user: (n) => `56${String(n).padStart(14, '0')}`,
  sends: ['text', 'image', 'video', 'audio', 'file', 'link', 'postback'],
};
