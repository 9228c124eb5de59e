import { agreedTo, everything } from '../domain/consent.ts';
import { consentPayload, type Keyword } from '../domain/consent-words.ts';
import type { InboundEvent } from '../domain/event.ts';
import { consentToldBy, type Told, type ToldConsent } from '../domain/told-consent.ts';
import { setAttributes } from '../store/attributes.ts';
import { consentProofs, consentStates } from '../store/consents.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { type ConsentText, sayOfConsent } from './say-of-consent.ts';
import { takeConsent } from './take-consent.ts';
import type { ConnectedChannel, World } from './world.ts';

type Parts = Pick<World, 'queue' | 'mapping' | 'tools' | 'notices'>;

/**
 * What a customer says by these events of what they want to hear goes on record, and is answered where the mapping has a text
 * for it. What another app owns at the moment, or what is found only later, counts as well: who said stop has said it.
 */
export async function takeConsentsTold(
  tx: Tx,
  parts: Parts,
  connected: ConnectedChannel,
  conversation: Conversation,
  events: readonly InboundEvent[],
): Promise<void> {
  for (const event of events) {
    if (event.type === 'opt-in' && event.timeZone)
      await setAttributes(tx, conversation.account, conversation.platformUser, { timeZone: event.timeZone });
    const told = consentToldBy(event, parts.notices.words, connected.channel.answersItself);
    if (told) await take(tx, parts, connected, conversation, event, told);
  }
  if (parts.notices.doubleOptIn.length > 0 && events.some(({ type }) => askable.includes(type)))
    await askPending(tx, parts, connected, conversation, events.at(-1)!);
}

/** After these a customer may be written to. */
const askable: readonly InboundEvent['type'][] = ['message', 'postback', 'referral', 'opt-in'];

async function take(
  tx: Tx,
  parts: Parts,
  connected: ConnectedChannel,
  conversation: Conversation,
  event: InboundEvent,
  told: Told,
): Promise<void> {
  if ('asks' in told) return say(tx, parts, connected, conversation, event, 'help');
  if ('maybe' in told) return confirm(tx, parts, connected, conversation, event);
  await record(tx, parts, connected, conversation, event, told.told);
  const text = textFor(told.told);
  if (told.told.source !== 'platform') await say(tx, parts, connected, conversation, event, text, told.told.purpose);
}

const textFor = ({ purpose, act }: ToldConsent): ConsentText => {
  if (act === 'revoked') return 'stopped';
  return purpose === everything ? 'started' : 'agreed';
};

async function record(
  tx: Tx,
  { notices }: Parts,
  { channel }: ConnectedChannel,
  { customer, account, platformUser }: Conversation,
  event: InboundEvent,
  told: ToldConsent,
): Promise<void> {
  const by = told.source === 'platform' ? 'platform' : 'customer';
  const place = { account, platformUser, event: `${event.type}:${event.id}` };
  const act = { customer: customer.id, channel: channel.kind, at: event.at, by, ...place, ...told };
  await takeConsent(tx, notices, act);
  const lifts = told.act === 'granted' && told.purpose !== everything && told.source !== 'platform';
  if (lifts && (await stoppedByWord(tx, customer.id, channel.kind)))
    await takeConsent(tx, notices, { ...act, purpose: everything });
}

/** Who said stop in this chat and then agrees to something in this chat wants to hear it. What the platform stopped only it lifts. */
async function stoppedByWord(tx: Tx, customer: number, channel: string): Promise<boolean> {
  const stop = (await consentStates(tx, customer)).find(
    (each) => each.channel === channel && each.purpose === everything && each.state === 'revoked',
  );
  if (!stop) return false;
  const proof = (await consentProofs(tx, customer)).find(({ id }) => id === stop.act);
  return proof?.source === 'keyword' || proof?.source === 'button';
}

/** A yes is one only where a question is open. */
async function confirm(
  tx: Tx,
  parts: Parts,
  connected: ConnectedChannel,
  conversation: Conversation,
  event: InboundEvent,
): Promise<void> {
  const open = await pendingIn(tx, connected, conversation);
  if (open.length !== 1) return;
  const { purpose } = open[0]!;
  const words = event.type === 'message' && event.parts[0]?.type === 'text' ? event.parts[0].text : undefined;
  await record(tx, parts, connected, conversation, event, { purpose, act: 'granted', source: 'keyword', words });
  await say(tx, parts, connected, conversation, event, 'agreed', purpose);
}

async function pendingIn(tx: Tx, { channel }: ConnectedChannel, { customer }: Conversation) {
  const states = await consentStates(tx, customer.id);
  return states.filter(
    (each) =>
      each.state === 'pending' &&
      [channel.kind, everything].includes(each.channel) &&
      !agreedTo(states, channel.kind, each.purpose).agreed,
  );
}

/** Asked once for each act that wants to be confirmed. */
async function askPending(
  tx: Tx,
  parts: Parts,
  connected: ConnectedChannel,
  conversation: Conversation,
  event: InboundEvent,
): Promise<void> {
  for (const { act, purpose } of await pendingIn(tx, connected, conversation)) {
    const choice = (kind: Keyword['act']) => consentPayload({ purpose, act: kind });
    const payloads = { yes: choice('granted'), no: choice('revoked') };
    await sayOfConsent(tx, parts, connected, conversation, {
      text: 'question',
      key: `${act}`,
      event,
      purpose,
      payloads,
    });
  }
}

const say = (
  tx: Tx,
  parts: Parts,
  connected: ConnectedChannel,
  conversation: Conversation,
  event: InboundEvent,
  text: ConsentText,
  purpose?: string,
): Promise<void> =>
  sayOfConsent(tx, parts, connected, conversation, {
    ...{ text, key: `${event.type}:${event.id}`, event },
    ...(purpose === undefined ? {} : { purpose }),
  });
