import type { ChannelSandbox } from '../contract.ts';
import { startTelegramSimulator } from './simulator.ts';

const bot = { botToken: '4242:bot-token-0123456789abcdef', secretToken: 'tg-secret-1' };

export const telegram: ChannelSandbox = {
  kind: 'telegram',
  label: 'Telegram',
  start: (options) => startTelegramSimulator({ ...bot, ...options }),
  account: ({ url }) => ({ kind: 'telegram', ...bot, apiUrl: url }),
  user: (n) => `70${String(n).padStart(7, '0')}`,
  sends: ['text', 'image', 'video', 'audio', 'file', 'sticker', 'location', 'link', 'postback'],
};
