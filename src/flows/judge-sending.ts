import { agreedTo, type Priority, priorities } from '../domain/consent.ts';
import { bestFact } from '../domain/fact.ts';
import { defaultPriority } from '../domain/notice-rules.ts';
import { type Whereabouts, zonesOf } from '../domain/quiet-hours.ts';
import { wordsAlone } from '../domain/sameness.ts';
import { looksBack, spareCustomer } from '../domain/spare-customer.ts';
import { maySend } from '../domain/window.ts';
import { sha256 } from '../kit/crypto.ts';
import { consentStates, lockConsents } from '../store/consents.ts';
import { type Conversation, conversationById } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { noteSending, sendingsSince } from '../store/sendings.ts';
import type { ConnectedChannel, World } from './world.ts';

/** What is to be sent, as far as the gate looks at it. */
export interface Sending {
  /** Whoever it belongs to now is the customer. */
  conversation: number;
  purpose: string;
  kind: 'notice' | 'campaign' | 'reply';
  /** `free`: text, file, anything in the window; `utility`, `marketing`: a template approved as that. */
  form: 'free' | 'utility' | 'marketing';
  priority?: Priority;
  at: Date;
  /** `notice:17`: judged again under its key it counts once against caps. */
  key: string;
  /** What it says: the same is not sent twice. Only its hash is kept. */
  text?: string;
}

/**
 * `send`: now, by this right; noted against the caps. `wait`: ask again then. `no`: not at all; `because` for reports, `why` for
 * people, `instead` what could be sent.
 */
export type Verdict =
  | { verdict: 'send'; right: 'response' | 'human-agent' | 'template'; until?: Date }
  | { verdict: 'wait'; until: Date; because: 'quiet-hours' | 'cap' | 'more-important'; why: string }
  | { verdict: 'no'; because: 'consent' | 'policy' | 'same-again' | 'gone'; why: string; instead?: string };

type Refusal = Exclude<Verdict, { verdict: 'send' }>;
type GateWorld = Pick<World, 'db' | 'channels' | 'notices'>;

/**
 * The gate: whether this may be sent now. Asked right before the call; one customer's sendings are judged one after the other, so
 * that no cap is passed however many ask at once, and none after a revocation that was committed before.
 */
export function judgeSending(world: GateWorld, sending: Sending): Promise<Verdict> {
  return world.db.transaction().execute((tx) => judge(tx, world, sending));
}

async function judge(tx: Tx, world: GateWorld, sending: Sending): Promise<Verdict> {
  const conversation = await conversationById(tx, sending.conversation);
  const connected = conversation && world.channels.get(conversation.account);
  if (!conversation || !connected)
    return { verdict: 'no', because: 'gone', why: 'the account of this conversation is no longer configured' };
  await lockConsents(tx, conversation.customer.id);
  const allowed = byPlatform(connected, conversation, sending);
  if (allowed.verdict !== 'send' || sending.kind === 'reply') return allowed;
  const refusal =
    (await withoutConsent(tx, connected, conversation, sending)) ??
    (await spared(tx, world, connected, conversation, sending));
  return refusal ?? allowed;
}

function byPlatform({ channel }: ConnectedChannel, { lastCustomerAt }: Conversation, { form, at }: Sending): Verdict {
  if (form !== 'free') return { verdict: 'send', right: 'template' };
  const may = maySend(lastCustomerAt, at, channel.limits.window ? { window: channel.limits.window } : {});
  return may.right === 'none'
    ? { verdict: 'no', because: 'policy', why: may.why }
    : { verdict: 'send', right: may.right };
}

async function withoutConsent(
  tx: Tx,
  { channel }: ConnectedChannel,
  { customer }: Conversation,
  { purpose }: Sending,
): Promise<Refusal | undefined> {
  const agreed = agreedTo(await consentStates(tx, customer.id), channel.kind, purpose);
  if (agreed.agreed) return undefined;
  const since = agreed.by ? ` on ${agreed.by.since.toISOString().slice(0, 10)}` : '';
  const why = {
    stopped: `the customer stopped all messages${since}; only they can allow them again, by writing START`,
    revoked: `the customer no longer wants this (${purpose}): revoked${since}`,
    pending: `the customer was asked to confirm (${purpose})${since} and has not yet`,
    'never-asked': `the customer never agreed to this (${purpose})`,
  }[agreed.why];
  return { verdict: 'no', because: 'consent', why };
}

/** The company's own rules; what they let through is noted. */
async function spared(
  tx: Tx,
  { notices }: GateWorld,
  connected: ConnectedChannel,
  { id, customer }: Conversation,
  { at, key, purpose, form, priority = defaultPriority, text }: Sending,
): Promise<Refusal | undefined> {
  const since = new Date(at.getTime() - looksBack(notices));
  const before = await sendingsSince(tx, customer.id, since, key);
  const digest = text === undefined ? undefined : sha256(wordsAlone(text));
  const zones = zonesOf(whereabouts(connected, customer), notices.defaultTimeZone);
  const refusal = spareCustomer(notices, before, { purpose, priority, digest, at, zones });
  if (refusal) return refusal;
  const row = { key, customer: customer.id, conversation: id, purpose, form, digest, at };
  await noteSending(tx, { ...row, priority: priorities[priority] });
  return undefined;
}

/** The shop may name the zone itself: the attribute `timeZone`. */
const whereabouts = ({ account }: ConnectedChannel, { attributes, facts }: Conversation['customer']): Whereabouts => ({
  zones: [attributes['timeZone']],
  phone: bestFact(facts, 'phone', 'platform')?.value,
  country: account.defaultCountry,
});
