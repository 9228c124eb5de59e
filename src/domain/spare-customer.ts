import { type Priority, priorities } from './consent.ts';
import type { Cap, NoticeRules } from './notice-rules.ts';
import { loudFrom } from './quiet-hours.ts';

/** What was let through to a customer before. */
export interface Before {
  purpose: string;
  /** As `priorities` has it. */
  priority: number;
  digest: Buffer | undefined;
  at: Date;
}

export interface Asked {
  purpose: string;
  priority: Priority;
  /** Of its words. */
  digest: Buffer | undefined;
  at: Date;
  /** Where the customer may be. */
  zones: readonly string[];
}

export type Spared =
  | { verdict: 'wait'; until: Date; because: 'quiet-hours' | 'cap' | 'more-important'; why: string }
  | { verdict: 'no'; because: 'same-again'; why: string };

/** Whether a company's own rules spare the customer this for now, or for good. `before` with the latest first. */
export const spareCustomer = (rules: NoticeRules, before: readonly Before[], asked: Asked): Spared | undefined =>
  sameAgain(rules, before, asked) ??
  atNight(rules, asked) ??
  aboveCap(rules, before, asked) ??
  tooSoon(rules, before, asked);

/** How far back these rules look, in milliseconds. */
export const looksBack = ({ spacing, sameWithin, caps }: NoticeRules): number =>
  Math.max(spacing, sameWithin, ...caps.map(({ per }) => per), 0);

function sameAgain({ sameWithin }: NoticeRules, before: readonly Before[], { digest, at }: Asked): Spared | undefined {
  if (!digest) return undefined;
  const same = before.find((each) => each.digest?.equals(digest) && at.getTime() - each.at.getTime() < sameWithin);
  return (
    same && { verdict: 'no', because: 'same-again', why: `the same words went to this customer at ${moment(same.at)}` }
  );
}

function atNight({ quietHours }: NoticeRules, { purpose, priority, at, zones }: Asked): Spared | undefined {
  if (!quietHours || (quietHours.exceptUrgent && priority === 'urgent' && purpose === 'order-updates'))
    return undefined;
  const until = loudFrom(quietHours, zones, at) ?? loudFrom(quietHours, zones.slice(0, 1), at);
  if (!until || until <= at) return undefined;
  const where = zones.length > 1 ? 'where the customer may be' : `where the customer is (${zones[0]})`;
  return { verdict: 'wait', until, because: 'quiet-hours', why: `it is night ${where}` };
}

function aboveCap({ caps }: NoticeRules, before: readonly Before[], { purpose, at }: Asked): Spared | undefined {
  const ends = caps
    .filter((cap) => cap.purpose === '*' || cap.purpose === purpose)
    .flatMap((cap) => capEnd(cap, before, at) ?? [])
    .sort((a, b) => b.until.getTime() - a.until.getTime());
  return ends[0];
}

function capEnd(cap: Cap, before: readonly Before[], at: Date): (Spared & { verdict: 'wait' }) | undefined {
  const counted = before.filter(
    (each) => (cap.purpose === '*' || each.purpose === cap.purpose) && each.at.getTime() > at.getTime() - cap.per,
  );
  const oldest = counted[cap.most - 1];
  if (!oldest) return undefined;
  const of = cap.purpose === '*' ? '' : ` of ${cap.purpose}`;
  const why = `the customer has had ${counted.length} messages${of} lately, and ${cap.most} are the most`;
  return { verdict: 'wait', until: new Date(oldest.at.getTime() + cap.per), because: 'cap', why };
}

function tooSoon({ spacing }: NoticeRules, before: readonly Before[], { priority, at }: Asked): Spared | undefined {
  const more = before.find(
    (each) => each.priority > priorities[priority] && at.getTime() - each.at.getTime() < spacing,
  );
  if (!more) return undefined;
  const until = new Date(more.at.getTime() + spacing);
  return {
    verdict: 'wait',
    until,
    because: 'more-important',
    why: `something more important went out at ${moment(more.at)}`,
  };
}

const moment = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
