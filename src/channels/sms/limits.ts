import { hours } from '../../domain/duration.ts';
import type { Limits } from '../channel.ts';

/** Pictures that carriers show; Twilio shrinks them to what each takes. */
const pictures = 5_000_000;
/** Other kinds of file are passed on as they are, and most carriers take no more. */
const others = 500_000;

/**
 * Twilio, "Messages resource" (Body) and "Accepted content types for media". A number may be written to at any time, unless
 * its owner opted out.
 */
export const limits = {
  textLength: 1600,
  attachmentBytes: pictures,
  // "ValidityPeriod": 14,400 seconds.
  lapses: hours(4),
  attachmentBytesByType: {
    'image/jpeg': pictures,
    'image/jpg': pictures,
    'image/png': pictures,
    'image/gif': pictures,
    'image/': others,
    'video/': others,
    'audio/': others,
    'text/': others,
    'application/': others,
  },
} satisfies Limits;

/** The most a file of this content type may have, in bytes: the longest beginning that fits decides. */
export function mostBytes(contentType: string): number {
  const fitting = Object.entries(limits.attachmentBytesByType)
    .filter(([beginning]) => contentType.toLowerCase().startsWith(beginning))
    .sort(([a], [b]) => b.length - a.length);
  return fitting[0]?.[1] ?? others;
}
