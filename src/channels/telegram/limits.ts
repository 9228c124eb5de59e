import type { Limits } from '../channel.ts';

/** Telegram Bot API, "sendMessage", "Sending files", "InlineKeyboardButton". Who once wrote to a bot may be written to at any time. */
export const limits = {
  textLength: 4096,
  attachmentBytes: 50_000_000,
  choices: { most: 20, titleLength: 64 },
  quotes: true,
} satisfies Limits;

/** A larger picture is sent as a file, bytes. */
export const largestPhoto = 10_000_000;
/** What a tapped button sends back, in bytes. */
export const longestPayload = 64;
