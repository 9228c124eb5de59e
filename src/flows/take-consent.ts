import type { ConsentSource } from '../domain/consent.ts';
import type { NoticeRules } from '../domain/notice-rules.ts';
import { consentStates, type NewConsent, type Recorded, recordConsent } from '../store/consents.ts';
import type { Tx } from '../store/database.ts';
import { noteForShop } from './note-for-shop.ts';

/** `asked`: it counts only when the customer has confirmed it in the chat. */
export interface Taken extends Recorded {
  asked: boolean;
}

/** Done in the chat itself, by the customer: that is a confirmation. What a person at the company vouches for needs none. */
const confirmed: readonly ConsentSource[] = ['keyword', 'button', 'platform', 'admin'];

/**
 * Takes an act in, by the company's rules: a yes from elsewhere to what has to be confirmed is only asked for. The shop hears of
 * what changes by it.
 */
export async function takeConsent(
  tx: Tx,
  { doubleOptIn }: Pick<NoticeRules, 'doubleOptIn'>,
  given: NewConsent,
): Promise<Taken> {
  const asked = given.act === 'granted' && doubleOptIn.includes(given.purpose) && !confirmed.includes(given.source);
  const recorded = await recordConsent(tx, asked ? { ...given, act: 'asked' } : given);
  if (recorded.changed) await tellShop(tx, given);
  return { ...recorded, asked };
}

async function tellShop(tx: Tx, { customer, channel, purpose, source, at }: NewConsent): Promise<void> {
  const now = (await consentStates(tx, customer)).find((each) => each.channel === channel && each.purpose === purpose);
  if (now) await noteForShop(tx, { kind: 'consent.changed', customer, channel, purpose, state: now.state, source, at });
}
