import { type Duration, minutes, seconds } from './duration.ts';
import type { Evidence } from './evidence.ts';
import type { BubbleState, ReplyFate } from './reply-state.ts';

/** What a ticket says of its conversation, in words that stand in its fields. */
export interface TicketSigns {
  /** `free`: the platform sets no time. `none`: the customer never wrote here. */
  window: 'free' | 'open' | 'closing' | 'closed' | 'none';
  /** Until when an answer reaches the customer, ISO 8601. */
  answerUntil?: string;
  /** Of the last thing an agent wrote. */
  reply: 'none' | 'under-way' | Extract<BubbleState, 'sent' | 'delivered' | 'read' | 'failed' | 'unsure'>;
  customer: CustomerConfidence;
}

/** How sure it is who the customer is: nobody knows, they say so, the platform or the shop says so, it was proved. */
export type CustomerConfidence = 'unknown' | 'stated' | 'told' | 'proved';

/** A window is `closing` for its last two hours. */
export const closingFor: Duration = minutes(120);

const confidences: Record<Evidence, CustomerConfidence> = {
  stated: 'stated',
  platform: 'told',
  'shop-api': 'told',
  'platform-phone': 'proved',
  'verified-code': 'proved',
  'signed-link': 'proved',
  admin: 'proved',
};

/** By the strongest fact that stands. */
export const confidenceOf = (strongest: Evidence | undefined): CustomerConfidence =>
  strongest === undefined ? 'unknown' : confidences[strongest];

/** `until` is the end of the window; `lastCustomerAt` tells a window that never began from one that does not end. */
export function signsOf(
  now: Date,
  { until, lastCustomerAt }: { until: Date | undefined; lastCustomerAt: Date | undefined },
  reply: Pick<ReplyFate, 'state'> | undefined,
  strongest: Evidence | undefined,
): TicketSigns {
  return {
    window: windowSign(now, until, lastCustomerAt),
    ...(until && { answerUntil: until.toISOString() }),
    reply: replySign(reply?.state),
    customer: confidenceOf(strongest),
  };
}

function windowSign(now: Date, until: Date | undefined, lastCustomerAt: Date | undefined): TicketSigns['window'] {
  if (!until) return lastCustomerAt ? 'free' : 'none';
  const left = until.getTime() - now.getTime();
  if (left < 0) return 'closed';
  return left <= closingFor ? 'closing' : 'open';
}

function replySign(state: BubbleState | undefined): TicketSigns['reply'] {
  if (state === undefined) return 'none';
  return state === 'waiting' || state === 'sending' ? 'under-way' : state;
}

/** Receipts and refusals that come without a time of their own are looked for so often. */
const whileUnderWay = seconds(30);

/** When what was said changes by itself; undefined: not before something happens. */
export function changesAt(signs: TicketSigns, now: Date): Date | undefined {
  const times: number[] = [];
  const end = signs.answerUntil === undefined ? undefined : Date.parse(signs.answerUntil);
  if (end !== undefined && signs.window === 'open') times.push(end - closingFor);
  if (end !== undefined && signs.window === 'closing') times.push(end + 1);
  if (signs.reply === 'under-way') times.push(now.getTime() + whileUnderWay);
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

export const sameSigns = (a: TicketSigns, b: TicketSigns): boolean =>
  a.window === b.window && a.answerUntil === b.answerUntil && a.reply === b.reply && a.customer === b.customer;
