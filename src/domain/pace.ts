import { type Duration, milliseconds, minutes, seconds } from './duration.ts';

/**
 * How soon a ticket may get its next comment, by how many it got within the last 10 minutes. Comments keep 1.5 s apart, so
 * that what is said in one breath goes in one comment. Zendesk takes 30 updates of a ticket in 10 minutes: the more there
 * were, the longer the next waits, and what is written meanwhile goes with it.
 * (10 at 1.5 s, 8 at 10 s and one each 60 s make at most 27 in 10 minutes; the rest is left to notes and tags.)
 */
const gaps = [
  { below: 10, gap: milliseconds(1_500) },
  { below: 18, gap: seconds(10) },
  { below: Number.POSITIVE_INFINITY, gap: seconds(60) },
];
const within = minutes(10);

/** `written` are the times of the comments so far; returns how long to wait, 0 for now. */
export function waitBeforeComment(written: readonly Date[], now: Date): Duration {
  const recent = written.map((at) => at.getTime()).filter((at) => now.getTime() - at < within);
  if (recent.length === 0) return milliseconds(0);
  const { gap } = gaps.find(({ below }) => recent.length < below)!;
  return milliseconds(Math.max(0, Math.max(...recent) + gap - now.getTime()));
}
