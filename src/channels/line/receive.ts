import type { InboundEvent } from '../../domain/event.ts';
import type { AccountAddress } from '../../domain/ids.ts';
import type { VerifiedRequest } from '../../kit/webhook.ts';
import type { Received } from '../channel.ts';
import { fingerprint } from '../shared/fingerprint.ts';
import { asId, asRecord, asText, parseJson } from '../shared/json.ts';
import { addressOf, type LineAccount } from './account.ts';
import { answerTokenOf } from './answer-token.ts';
import { readers } from './readers.ts';
import { type Item, readItem, type Told } from './wire.ts';

/** Every event of the list becomes exactly one. An empty list is how the Console tries the URL; it is taken like any other. */
export function receive(request: VerifiedRequest, account?: LineAccount): Received {
  const body = asRecord(parsed(request.body));
  if (!body) return { malformed: 'the body is not a JSON object' };
  if (!Array.isArray(body['events'])) return { malformed: '"events" is missing or not a list' };
  const to = addressIn(asText(body['destination']), account);
  return { events: body['events'].map((json: unknown) => eventOf(json, to)) };
}

function parsed(body: Buffer): unknown {
  try {
    return parseJson(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The signature proves the account, so that its bot's user id need not be known. */
function addressIn(destination: string | undefined, account: LineAccount | undefined): AccountAddress {
  return account && account.botUserId === undefined ? addressOf(account) : ((destination ?? '') as AccountAddress);
}

function eventOf(json: unknown, to: AccountAddress): InboundEvent {
  const content = asRecord(json) ?? { type: 'event that is no object', json };
  const item = readItem(content);
  const event = told(item);
  const id = event.id ?? asId(content['webhookEventId']) ?? fingerprint(content, to);
  return { ...event, to, id, at: item.at, ...(item.standby ? { standby: true } : {}) } as InboundEvent;
}

function told(item: Item): Told {
  if (item.customer !== undefined && ofTheConsole.test(item.customer)) return notForUs('trial of the webhook');
  if (item.chat !== undefined) return inGroup(item, item.chat);
  return readers.get(item.type)?.(item) ?? notUnderstood(item);
}

/** Whom the Console made up when it still tried the URL with messages. */
const ofTheConsole = /^U(?:deadbeef){4}$/;

const notForUs = (what: string): Told => ({ type: 'unsupported', what });

const inGroup = (item: Item, chat: string): Told => ({
  type: 'group',
  chat,
  id: chat,
  what: item.type,
  ...answerTokenOf(item),
});

function notUnderstood({ json, type, customer }: Item): Told {
  const kind = asText(asRecord(json[keyOf(type)])?.['type']);
  const what = kind === undefined ? type : `${type}.${kind}`;
  return { type: 'unsupported', what, ...(customer === undefined ? {} : { from: customer }) };
}

/** What an event holds stands under its type's name, with one exception. */
const keyOf = (type: string): string => (type === 'accountLink' ? 'link' : type);
