/** `asked`: the customer has been asked to confirm and has not answered; it lets nothing through. */
export const consentActs = ['asked', 'granted', 'revoked'] as const;
export type ConsentAct = (typeof consentActs)[number];
export type ConsentState = 'pending' | 'granted' | 'revoked';

/**
 * Where a consent came from: the platform's checkbox or button on a shop's page, a signed link, a word the customer wrote, a button they tapped in the chat, the shop's API, the platform itself (blocked, unfollowed, opted out there),
 * Salesforce, a person at the company, or two customers who were joined.
 */
export const consentSources = [
  'checkbox',
  'page-button',
  'link',
  'keyword',
  'button',
  'api',
  'platform',
  'salesforce',
  'admin',
  'join',
] as const;
export type ConsentSource = (typeof consentSources)[number];

/** All of a kind: all channels, or everything a business sends by itself. */
export const everything = '*';

const listName = /^list:[a-z0-9][a-z0-9-]{0,49}$/;

/** `order-updates`, `marketing`, `list:NAME`, or `*`: everything that is sent without being asked for. */
export const isPurpose = (text: string): boolean =>
  text === 'order-updates' || text === 'marketing' || text === everything || listName.test(text);

/** An act as it counts: what the state is drawn from. */
export interface CountedAct {
  id: number;
  channel: string;
  purpose: string;
  act: ConsentAct;
  at: Date;
}

export interface StandingConsent {
  channel: string;
  purpose: string;
  state: ConsentState;
  since: Date;
  /** The act that made it so. */
  act: number;
}

/**
 * What acts come to, by channel and purpose: the latest decides, of two at one time the revocation. Asking somebody who said
 * yes changes nothing.
 */
export function statesOf(acts: readonly CountedAct[]): StandingConsent[] {
  const standing = new Map<string, StandingConsent>();
  for (const { id, channel, purpose, act, at } of [...acts].sort(inOrder)) {
    const key = `${channel} ${purpose}`;
    if (act === 'asked' && standing.get(key)?.state === 'granted') continue;
    standing.set(key, { channel, purpose, state: act === 'asked' ? 'pending' : act, since: at, act: id });
  }
  return [...standing.values()];
}

const weight: Record<ConsentAct, number> = { asked: 0, granted: 1, revoked: 2 };
const inOrder = (a: CountedAct, b: CountedAct): number =>
  a.at.getTime() - b.at.getTime() || weight[a.act] - weight[b.act] || a.id - b.id;

/** Whether something may be sent for a purpose through a channel; `by` is what decided, if anything did. */
export type Agreed =
  | { agreed: true; by: StandingConsent }
  | { agreed: false; why: 'stopped' | 'revoked' | 'pending' | 'never-asked'; by?: StandingConsent };

/**
 * A stop (a revocation of everything) holds until it is lifted itself: what was agreed to before then counts again, and what
 * is agreed to elsewhere meanwhile does not lift it. Else what was said of this channel decides, then what was said of all;
 * a revocation for all channels goes before an older yes for one.
 */
export function agreedTo(states: readonly StandingConsent[], channel: string, purpose: string): Agreed {
  const at = (where: string, what: string) =>
    states.find((each) => each.channel === where && each.purpose === what) as StandingConsent | undefined;
  const stop = [at(channel, everything), at(everything, everything)].find((each) => each?.state === 'revoked');
  if (stop) return { agreed: false, why: 'stopped', by: stop };
  const here = at(channel, purpose);
  const anywhere = at(everything, purpose);
  const by =
    here && !(anywhere?.state === 'revoked' && anywhere.since.getTime() >= here.since.getTime()) ? here : anywhere;
  if (!by) return { agreed: false, why: 'never-asked' };
  if (by.state === 'granted') return { agreed: true, by };
  return { agreed: false, why: by.state, by };
}

/** More is more important: a delay goes before an offer. */
export const priorities = { low: 0, normal: 1, high: 2, urgent: 3 } as const;
export type Priority = keyof typeof priorities;
