import { days, hours } from '../../domain/duration.ts';
import type { Limits } from '../channel.ts';

/** Messenger Platform, "Send API" and "Policy: Standard Messaging Window and Human Agent". */
export const limits = {
  textLength: 2000,
  attachmentBytes: 25_000_000,
  window: hours(24),
  humanAgentWindow: days(7),
  // "Quick Replies": 13 of them, 20 characters each.
  choices: { most: 13, titleLength: 20 },
  quotes: true,
} satisfies Limits;
