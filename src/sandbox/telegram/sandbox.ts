import type { ChannelSandbox } from '../contract.ts';
import { startTelegramSimulator } from './simulator.ts';

const bot = { botToken: '4242:bot-token-0123456789abcdef', secretToken: 'tg-secret-1' };

const allowedUpdates = [
  'message',
  'edited_message',
  'channel_post',
  'callback_query',
  'message_reaction',
  'my_chat_member',
];

export const telegram: ChannelSandbox = {
  kind: 'telegram',
  label: 'Telegram',
  accent: '#1b76b4',
  // As `provision` sets it: reactions come only where they are asked for.
  start: (options) => startTelegramSimulator({ ...bot, allowedUpdates, ...options }),
  account: ({ url }) => ({ kind: 'telegram', ...bot, apiUrl: url }),
  user: (n) => `70${String(n).padStart(7, '0')}`,
  sends: ['text', 'image', 'video', 'audio', 'file', 'sticker', 'location', 'link', 'postback'],
};
