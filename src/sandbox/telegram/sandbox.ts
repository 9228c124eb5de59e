import type { ChannelSandbox } from '../contract.ts';
import { startTelegramSimulator } from './simulator.ts';

const secretToken = 'tg-secret-1';

const allowedUpdates = [
  'message',
  'edited_message',
  'channel_post',
  'callback_query',
  'message_reaction',
  'my_chat_member',
];

/** A bot of one's own: two accounts cannot be one bot. */
export const telegramBot = (botToken: string): ChannelSandbox => ({
  kind: 'telegram',
  label: 'Telegram',
  accent: '#1b76b4',
  // As `provision` sets it: reactions come only where they are asked for.
  start: (options) => startTelegramSimulator({ botToken, secretToken, allowedUpdates, ...options }),
  account: ({ url }) => ({ kind: 'telegram', botToken, secretToken, apiUrl: url }),
  user: (n) => `70${String(n).padStart(7, '0')}`,
  sends: ['text', 'image', 'video', 'audio', 'file', 'sticker', 'location', 'link', 'postback'],
});

export const telegram: ChannelSandbox = telegramBot('4242:bot-token-0123456789abcdef');
