import { type Duration, milliseconds, minutes, seconds } from './duration.ts';

/**
 * How soon a ticket may get its next comment. Zendesk takes 30 updates of a ticket in 10 minutes: the first 12 go at
 * once, and from then on comments keep 45 s apart, so that what is written meanwhile goes together in the next.
 * (12 at once and one each 45 s make at most 26 in 10 minutes; the rest is left to notes and tags.)
 */
const freely = 12;
const apart = seconds(45);
const within = minutes(10);

/** `written` are the times of the comments so far; returns how long to wait, 0 for now. */
export function waitBeforeComment(written: readonly Date[], now: Date): Duration {
  const recent = written.filter((at) => now.getTime() - at.getTime() < within);
  if (recent.length < freely) return milliseconds(0);
  const last = Math.max(...recent.map((at) => at.getTime()));
  return milliseconds(Math.max(0, last + apart - now.getTime()));
}
