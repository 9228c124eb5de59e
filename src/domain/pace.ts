import { type Duration, milliseconds, minutes, seconds } from './duration.ts';

/**
 * How soon a ticket may get its next comment. Comments keep 1.5 s apart, so that what is said in one breath goes in one
 * comment. Zendesk takes 30 updates of a ticket in 10 minutes: after 12 of them comments keep 45 s apart.
 * (12 at first and one each 45 s make at most 26 in 10 minutes; the rest is left to notes and tags.)
 */
const breath = milliseconds(1_500);
const freely = 12;
const apart = seconds(45);
const within = minutes(10);

/** `written` are the times of the comments so far; returns how long to wait, 0 for now. */
export function waitBeforeComment(written: readonly Date[], now: Date): Duration {
  const recent = written.map((at) => at.getTime()).filter((at) => now.getTime() - at < within);
  if (recent.length === 0) return milliseconds(0);
  const gap = recent.length < freely ? breath : apart;
  return milliseconds(Math.max(0, Math.max(...recent) + gap - now.getTime()));
}
