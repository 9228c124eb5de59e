import { hours } from '../../domain/duration.ts';
import type { Limits } from '../channel.ts';

/** WhatsApp Cloud API, "Messages", "Media" and "Customer service windows". Lengths as its providers publish them. */
export const limits = {
  textLength: 4096,
  // A file too large for its kind goes as a document.
  attachmentBytes: 100_000_000,
  window: hours(24),
  afterWindow: 'send an approved template',
  choices: { most: 10, titleLength: 20 },
  quotes: true,
} satisfies Limits;

/** "Interactive reply buttons" and "Interactive list messages". */
export const buttons = { most: 3, titleLength: 20, idLength: 256, bodyLength: 1024 };
export const list = { most: 10, titleLength: 24, idLength: 200, bodyLength: 4096, label: 'Options' };

/** "Interactive call-to-action URL button": one link, its text no longer than this. */
export const linkButton = { titleLength: 20, bodyLength: 1024 };

/** Of the business's opaque data, told back in each status. */
export const markerLength = 512;
