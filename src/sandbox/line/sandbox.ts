import type { ChannelSandbox } from '../contract.ts';
import { startLineSimulator } from './simulator.ts';

const channel = {
  channelSecret: 'line-secret-1',
  channelAccessToken: 'LINE-TOKEN-1',
};

export const line: ChannelSandbox = {
  kind: 'line',
  label: 'LINE',
  accent: '#05823c',
  start: (options) =>
    startLineSimulator({ ...channel, botUserId: 'U00000000000000000000000000000b07', name: 'Acme', ...options }),
  account: ({ url }) => ({ kind: 'line', ...channel, apiUrl: url, dataApiUrl: url, stickerUrl: url }),
  user: (n) => `U${n.toString(16).padStart(32, '0')}`,
  sends: ['text', 'image', 'video', 'audio', 'file', 'sticker', 'location', 'postback'],
};
