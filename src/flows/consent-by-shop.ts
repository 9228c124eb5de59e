import { emailAddress } from '../domain/email.ts';
import { phoneNumber } from '../domain/phone.ts';
import { sha256 } from '../kit/crypto.ts';
import { consentById } from '../store/consents.ts';
import type { Database, Tx } from '../store/database.ts';
import { customerOfShop, type FoundCustomer, type ShopCustomer } from './customer-of-shop.ts';
import { takeConsent } from './take-consent.ts';
import type { World } from './world.ts';

/** What a shop tells of a customer's consent. */
export interface ShopConsent {
  customer: ShopCustomer;
  channel: string;
  purpose: string;
  act: 'granted' | 'revoked';
  words?: string | undefined;
  at?: Date | undefined;
  ip?: string | undefined;
}

export interface ShopAsking {
  /** The key that asks. */
  key: string;
  requestId?: string | undefined;
  now: Date;
}

export type ConsentTaken =
  | { id: number; customer: number; act: 'asked' | 'granted' | 'revoked'; repeated: boolean }
  | ConsentRefused;

/** `field` says which of what was told is wrong: `customer`, `words`; without it the request as a whole. */
export interface ConsentRefused {
  refused: string;
  field?: string;
  status: 400 | 409 | 422;
}

/** How far a shop's clock may be before ours. */
const mostAheadMs = 5 * 60_000;

/** Takes in what a shop tells, once for each Idempotency-Key. */
export async function consentByShop(
  { db, notices, channels }: { db: Database } & Pick<World, 'notices' | 'channels'>,
  told: ShopConsent,
  asking: ShopAsking,
): Promise<ConsentTaken> {
  const kinds = new Set([...channels.values()].map(({ channel }) => channel.kind));
  const mistake = mistakeIn(told, { lists: notices.lists, kinds, now: asking.now });
  if (mistake) return { ...mistake, status: 400 };
  return db.transaction().execute((tx) => take(tx, notices, told, asking));
}

function mistakeIn(
  { channel, purpose, act, words, at }: ShopConsent,
  { lists, kinds, now }: { lists: readonly string[]; kinds: ReadonlySet<string>; now: Date },
): { field: string; refused: string } | undefined {
  const wrong = (field: string, refused: string) => ({ field, refused });
  if (channel !== '*' && !kinds.has(channel)) return wrong('channel', `there is none called ${channel} here`);
  if (purpose === '*' && act === 'granted')
    return wrong('purpose', 'everything can only be revoked; grant what the customer agreed to');
  if (purpose.startsWith('list:') && !lists.includes(purpose.slice('list:'.length)))
    return wrong('purpose', 'no list of this name stands under notices.lists');
  if (act === 'granted' && words === undefined)
    return wrong('words', 'the words that the customer was shown are part of the proof');
  if (at && at.getTime() > now.getTime() + mostAheadMs) return wrong('at', 'it lies in the future');
  return undefined;
}

async function take(tx: Tx, notices: World['notices'], told: ShopConsent, asking: ShopAsking): Promise<ConsentTaken> {
  const by = `shop:${asking.key}`;
  const who = { ...told.customer, email: plainEmail(told.customer.email), phone: plainPhone(told.customer.phone) };
  const found = await customerOfShop(tx, who, by, asking.now);
  if ('refused' in found) return refusalOf(found);
  const { channel, purpose, act, words, ip, at = asking.now } = told;
  const digest = sha256(
    JSON.stringify([told.customer, channel, purpose, act, words ?? null, told.at ?? null, ip ?? null]),
  );
  const taken = await takeConsent(tx, notices, {
    ...{ customer: found.customer, channel, purpose, act, words, at, ip, by, source: 'api' },
    ...(asking.requestId === undefined ? {} : { requestId: asking.requestId, requestDigest: digest }),
  });
  const kept = (await consentById(tx, taken.id))!;
  if (taken.repeated && kept.requestDigest && !kept.requestDigest.equals(digest))
    return { refused: 'this Idempotency-Key was used for another request; take a new one for each', status: 422 };
  return { id: taken.id, customer: kept.customer, act: kept.act, repeated: taken.repeated };
}

const plainEmail = (text: string | undefined) => (text === undefined ? undefined : emailAddress(text));
const plainPhone = (text: string | undefined) => (text === undefined ? undefined : phoneNumber(text));

function refusalOf(found: Extract<FoundCustomer, { refused: string }>): ConsentRefused {
  if (found.refused === 'several')
    return { field: 'customer', refused: `several are known by this ${found.by}; say customerId`, status: 409 };
  if (found.refused === 'unknown-link')
    return { field: 'customer.linkToken', refused: 'this is no link of ours', status: 400 };
  return { field: 'customer', refused: 'say who', status: 400 };
}
