import { days, hours } from '../../domain/duration.ts';
import type { Limits } from '../channel.ts';

/** Instagram Platform, "Messaging", "Send messages"; Messenger Platform, "Instagram messaging". */
export const limits = {
  textLength: 1000,
  textUnit: 'utf8-bytes',
  attachmentBytes: 25_000_000,
  window: hours(24),
  humanAgentWindow: days(7),
  // "Quick replies": 13 of them, 20 characters each.
  choices: { most: 13, titleLength: 20 },
  quotes: true,
} satisfies Limits;

/** What Instagram shows, by content type; GIFs only where they are uploaded. Each kind with its largest file in bytes. */
export const shown = {
  image: { types: ['image/jpeg', 'image/png'], uploadedTypes: ['image/gif'], bytes: 8_000_000 },
  audio: {
    types: ['audio/aac', 'audio/m4a', 'audio/x-m4a', 'audio/mp4', 'audio/wav', 'audio/x-wav'],
    uploadedTypes: [],
    bytes: 25_000_000,
  },
  video: {
    types: ['video/mp4', 'video/ogg', 'video/x-msvideo', 'video/quicktime', 'video/webm'],
    uploadedTypes: [],
    bytes: 25_000_000,
  },
  file: { types: ['application/pdf'], uploadedTypes: [], bytes: 25_000_000 },
} as const;

/** How long a file stays fetchable by its link: customers open what was sent long afterwards. */
export const linksHold = days(30);

/**
 * "Private replies": one message to the author of a comment, within 7 days; of a comment on a live video while it is live,
 * which lasts 4 hours at most (unverified).
 */
export const privateReply = { within: days(7), withinLive: hours(4) };
