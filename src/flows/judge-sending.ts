import type { SendingRight } from '../channels/channel.ts';
import { agreedTo, type Priority, priorities } from '../domain/consent.ts';
import { defaultPriority } from '../domain/notice-rules.ts';
import { askPolicy, type Form, type PolicyRule, rulesOf } from '../domain/policy.ts';
import { zonesOf } from '../domain/quiet-hours.ts';
import { wordsAlone } from '../domain/sameness.ts';
import { looksBack, spareCustomer } from '../domain/spare-customer.ts';
import { sha256 } from '../kit/crypto.ts';
import { consentStates, lockConsents } from '../store/consents.ts';
import { type Conversation, conversationById } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { sentSince } from '../store/reply-parts.ts';
import { noteSending, sendingsSince } from '../store/sendings.ts';
import { countsMessages, mayAsHuman, policyOf } from './platform-policy.ts';
import { countryOf, whereabouts } from './whereabouts.ts';
import type { ConnectedChannel, World } from './world.ts';

/** What is to be sent, as far as the gate looks at it. */
export interface Sending {
  /** Whoever it belongs to now is the customer. */
  conversation: number;
  purpose: string;
  kind: 'notice' | 'campaign' | 'reply';
  form: Form;
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
  | { verdict: 'send'; right: SendingRight; until?: Date; charges: string[] }
  | { verdict: 'wait'; until: Date; because: 'quiet-hours' | 'cap' | 'more-important' | 'platform'; why: string }
  | { verdict: 'no'; because: 'consent' | 'revoked' | 'policy' | 'same-again' | 'gone'; why: string; instead?: string };

type Refusal = Exclude<Verdict, { verdict: 'send' }>;
export type GateWorld = Pick<World, 'db' | 'channels' | 'notices' | 'policy'>;

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
  if (conversation.blocked && sending.kind !== 'reply')
    return { verdict: 'no', because: 'policy', why: 'an agent blocked this customer' };
  await lockConsents(tx, conversation.customer.id);
  const allowed = await byPlatform(tx, world, connected, conversation, sending);
  if (allowed.verdict !== 'send' || sending.kind === 'reply') return allowed;
  const refusal =
    (await withoutConsent(tx, connected, conversation, sending)) ??
    (await spared(tx, world, connected, conversation, sending));
  return refusal ?? allowed;
}

/** By what the platform allows; how often it has had such messages is known by what was let through. */
async function byPlatform(
  tx: Tx,
  { policy }: GateWorld,
  connected: ConnectedChannel,
  conversation: Conversation,
  { form, at, purpose, kind, key }: Sending,
): Promise<Verdict> {
  const rules = policyOf(policy, connected.channel);
  const { lastCustomerAt, customer } = conversation;
  const counted = lastCustomerAt && countsMessages(rules, at);
  const answer = askPolicy(rules, {
    ...{ at, form, lastCustomerAt, humanAgent: mayAsHuman(connected), byPerson: kind === 'reply' },
    ...(kind === 'reply' ? {} : { purpose }),
    country: countryOf(connected, customer),
    before: await sentInForm(tx, rules, conversation, { form, at, key }),
    ...(counted ? { sentInWindow: await sentSince(tx, conversation.id, lastCustomerAt) } : {}),
  });
  if (answer.may) {
    const { right, until, charges } = answer;
    return { verdict: 'send', right, charges, ...(until ? { until } : {}) };
  }
  if (answer.from) return { verdict: 'wait', until: answer.from, because: 'platform', why: answer.why };
  return { verdict: 'no', because: 'policy', why: answer.why, ...(answer.instead ? { instead: answer.instead } : {}) };
}

/** When messages in this form went through this account before, as far back as the platform's rules look. */
async function sentInForm(
  tx: Tx,
  rules: readonly PolicyRule[],
  { id, customer }: Conversation,
  { form, at, key }: Pick<Sending, 'form' | 'at' | 'key'>,
): Promise<Date[]> {
  const longest = Math.max(0, ...rulesOf(rules, 'frequency').map(({ per }) => per));
  if (longest === 0) return [];
  const rows = await sendingsSince(tx, customer.id, new Date(at.getTime() - longest), key);
  return rows.filter((row) => row.conversation === id && row.form === form).map((row) => row.at);
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
  const said = agreed.why === 'stopped' || agreed.why === 'revoked';
  return { verdict: 'no', because: said ? 'revoked' : 'consent', why };
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
