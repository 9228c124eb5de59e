/** What became of one bubble of a reply, or of the reply as a whole. */
export type BubbleState = 'waiting' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'unsure';

export interface BubbleFate {
  state: BubbleState;
  reason?: string | undefined;
  sentAt?: Date | undefined;
  deliveredAt?: Date | undefined;
  readAt?: Date | undefined;
}

/** A reply of several bubbles, told as one. */
export interface ReplyFate extends BubbleFate {
  /** When it came to be so, where the platform or this service noted it. */
  since?: Date | undefined;
}

/** Trouble first, for somebody has to act on it; then whatever the slowest bubble is still short of. */
const ranks: readonly BubbleState[] = ['failed', 'unsure', 'waiting', 'sending', 'sent', 'delivered', 'read'];

/**
 * The state of a reply is that of its bubble which is worst off, and never better than all of it: `read` is a reply whose last
 * bubble was read. A time is told once it holds for all bubbles. Undefined: it has no bubbles.
 */
export function fateOfReply(bubbles: readonly BubbleFate[]): ReplyFate | undefined {
  const [worst] = [...bubbles].sort((a, b) => ranks.indexOf(a.state) - ranks.indexOf(b.state));
  if (!worst) return undefined;
  const sentAt = lastOf(bubbles.map((bubble) => bubble.sentAt));
  const deliveredAt = lastOf(bubbles.map((bubble) => bubble.deliveredAt));
  const readAt = lastOf(bubbles.map((bubble) => bubble.readAt));
  const since = { sent: sentAt, delivered: deliveredAt, read: readAt }[worst.state as string];
  return { state: worst.state, reason: worst.reason, sentAt, deliveredAt, readAt, since };
}

/** The latest, if there is one of each. */
function lastOf(times: readonly (Date | undefined)[]): Date | undefined {
  const all = times.filter((time) => time !== undefined);
  return all.length === times.length && all.length > 0
    ? new Date(Math.max(...all.map((time) => time.getTime())))
    : undefined;
}
