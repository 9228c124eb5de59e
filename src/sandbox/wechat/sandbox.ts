import type { ChannelSandbox } from '../contract.ts';
import { startWeChatSimulator } from './simulator.ts';

const account = {
  appId: 'wx5a4db07acc0ffee5',
  appSecret: 'wechat-secret-1',
  token: 'wechatToken1',
  encodingAesKey: 'kWxqT3mYv8Zr0JbNc5LdPf7GhS2aEu9oViXyRtQw1Bz',
};

export const wechat: ChannelSandbox = {
  kind: 'wechat',
  label: 'WeChat',
  accent: '#3a7d1c',
  start: (options) => startWeChatSimulator({ ...account, originalId: 'gh_5a4db07acc0f', mode: 'safe', ...options }),
  account: ({ url }) => ({ kind: 'wechat', ...account, apiUrl: url }),
  user: (n) => `oSandbox${String(n).padStart(20, '0')}`,
  quotes: false,
  sends: ['text', 'image', 'video', 'audio', 'location', 'link', 'postback'],
};
