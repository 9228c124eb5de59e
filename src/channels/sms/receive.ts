import type { InboundEvent } from '../../domain/event.ts';
import type { AccountAddress, PlatformUserId } from '../../domain/ids.ts';
import type { VerifiedRequest } from '../../kit/webhook.ts';
import type { Received, WebhookAnswer } from '../channel.ts';
import { fingerprint } from '../shared/fingerprint.ts';
import { asText } from '../shared/json.ts';
import { addressOf, type SmsAccount } from './account.ts';
import { type Form, readForm } from './form.ts';
import type { Place } from './place.ts';
import { readMessage } from './read-message.ts';
import { readStatus } from './read-status.ts';
import { markerParameter } from './webhook-url.ts';

/** Twilio sends any other text on to the customer as an SMS; this says that there is nothing to send. */
const nothingToSay: WebhookAnswer = {
  status: 200,
  contentType: 'text/xml',
  body: '<?xml version="1.0" encoding="UTF-8"?><Response/>',
};

/**
 * One message or status callback a webhook. Twilio does not tell when a message was sent: the time of arrival counts, and
 * a repeat, which is known by its SID, changes nothing.
 */
export function receive(request: VerifiedRequest, account?: SmsAccount): Received {
  const at = request.receivedAt ?? new Date(0);
  const items = jsonItems(request.body);
  if (items) {
    const place = { to: (account ? addressOf(account) : '') as AccountAddress, at };
    return { events: items.map((item, index) => foreign(item, index, place)), answer: nothingToSay };
  }
  const form = readForm(request.body);
  if (form.get('AccountSid') === undefined && sidOf(form) === undefined)
    return { malformed: "the body is no form of Twilio's: it has neither MessageSid nor AccountSid" };
  return { events: eventsOf(form, at, account, asText(request.query[markerParameter])), answer: nothingToSay };
}

const sidOf = (form: Form): string | undefined =>
  form.get('MessageSid') ?? form.get('SmsSid') ?? form.get('SmsMessageSid');

/** Statuses that an incoming message has; every other one is of a message we sent. */
const incoming = ['received', 'receiving'];

function eventsOf(form: Form, at: Date, account: SmsAccount | undefined, marker: string | undefined): InboundEvent[] {
  const sid = sidOf(form);
  const from = form.get('From');
  const status = form.get('MessageStatus') ?? form.get('SmsStatus');
  const isStatus = status !== undefined && !incoming.includes(status);
  const place = { to: ownAddress(form, isStatus, account), at };
  if (sid !== undefined && isStatus) return [readStatus(form, sid, status, place, marker)];
  if (sid !== undefined && from !== undefined) return readMessage(form, sid, from, place);
  return [notUnderstood(form, sid, from, place)];
}

/**
 * Which of our senders it concerns: the number, or the messaging service, whichever the account is configured by. A number
 * that hands its messages to a service names both.
 */
function ownAddress(form: Form, isStatus: boolean, account: SmsAccount | undefined): AccountAddress {
  const number = form.get(isStatus ? 'From' : 'To');
  const service = form.get('MessagingServiceSid');
  const configured = account && addressOf(account);
  if (configured !== undefined && (configured === number || configured === service)) return configured;
  // A number without its service's name, at the address of an account that is one.
  if (account?.messagingServiceSid !== undefined && service === undefined) return addressOf(account);
  return (number ?? service ?? configured ?? '') as AccountAddress;
}

/** A call, a fax…: something else of Twilio's was pointed at this address. */
function notUnderstood(form: Form, sid: string | undefined, from: string | undefined, place: Place): InboundEvent {
  const what = form.get('CallSid') === undefined ? 'form without a message' : 'call';
  const sender = from === undefined ? {} : { from: from as PlatformUserId };
  return { ...place, type: 'unsupported', id: sid ?? fingerprint(form.all), what, ...sender };
}

const foreign = (item: unknown, index: number, place: Place): InboundEvent => ({
  ...place,
  type: 'unsupported',
  id: fingerprint(item, index),
  what: 'event that is no form',
});

/** The items of a JSON body (Twilio's Event Streams and debugger send such), or undefined when it is none. */
function jsonItems(body: Buffer): unknown[] | undefined {
  const text = body.toString('utf8').trimStart();
  if (!/^[[{]/.test(text)) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    return Array.isArray(json) && json.length > 0 ? json : [json];
  } catch {
    return undefined;
  }
}
