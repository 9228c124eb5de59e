import type { EventOf, InboundEvent } from '../../../domain/event.ts';
import type { AccountAddress } from '../../../domain/ids.ts';
import type { VerifiedRequest } from '../../../kit/webhook.ts';
import type { Received } from '../../channel.ts';
import { fingerprint } from '../fingerprint.ts';
import { readEnvelope } from '../graph/envelope.ts';
import { asId, asList, asRecord, asText, type JsonRecord, storable } from '../json.ts';
import { readTime } from '../time.ts';
import { type Item, type Reader, readItem, type Told } from './wire.ts';

/** How one of Meta's channels writes the webhooks that they share. */
export interface Dialect {
  /** The `object`s it takes. */
  objects: readonly string[];
  /** The one that tells of chats; items under any other hold nothing for a chat. */
  object: string;
  readers: ReadonlyMap<string, Reader>;
  /** Reads what comes in an entry's `changes`; undefined for what is no chat's, which is then kept as unsupported. */
  readChange?(change: Change): Told | undefined;
}

/** One item of an entry's `changes` list. */
export interface Change {
  field: string;
  value: JsonRecord;
  business: string;
  at: Date;
}

/** Every item of every list of every entry becomes exactly one event; an entry without items becomes one too. */
export function receiveMessaging(request: VerifiedRequest, dialect: Dialect): Received {
  const envelope = readEnvelope(request.body, dialect.objects);
  if ('malformed' in envelope) return envelope;
  const ofChats = envelope.object === dialect.object;
  return { events: envelope.entries.flatMap((entry) => eventsOf(entry, ofChats, dialect)) };
}

/** What all events of an entry share. */
interface Place {
  business: string;
  time: unknown;
  ofChats: boolean;
  dialect: Dialect;
}

function eventsOf(json: unknown, ofChats: boolean, dialect: Dialect): InboundEvent[] {
  const entry = asRecord(json);
  const nowhere = { business: '', time: undefined, ofChats, dialect };
  if (!entry) return [unsupported(json, nowhere, 'entry that is no object')];
  const place = { ...nowhere, business: asId(entry['id']) ?? '', time: entry['time'] };
  const events = [
    ...asList(entry['messaging']).map((item) => messagingEvent(item, place)),
    ...asList(entry['standby']).map((item) => standbyEvent(item, place)),
    ...asList(entry['changes']).map((item) => changeEvent(item, place)),
  ];
  return events.length > 0 ? events : [unsupported(entry, place, whatEntry(entry))];
}

function messagingEvent(json: unknown, place: Place): InboundEvent {
  const content = asRecord(json);
  if (!content) return unsupported(json, place, 'item that is no object');
  const item = readItem(content, place.business, place.time);
  const event = place.ofChats ? told(content, item, place.dialect.readers) : notUnderstood(content, item);
  return complete(event, content, item.at, place);
}

/** One item outside of any webhook, read the same way. `business` is the id of whom it belongs to. */
export const receiveOne = (item: JsonRecord, business: string, dialect: Dialect): InboundEvent =>
  messagingEvent(item, { business, time: undefined, ofChats: true, dialect });

const standbyEvent = (json: unknown, place: Place): InboundEvent => ({
  ...messagingEvent(json, place),
  standby: true,
});

function told(content: JsonRecord, item: Item, readers: Dialect['readers']): Told {
  for (const [key, read] of readers) {
    const value = asRecord(content[key]);
    const event = value && read(value, item);
    if (event) return event;
  }
  return notUnderstood(content, item);
}

const addressing = new Set(['sender', 'recipient', 'timestamp', 'prior_message', 'hop_context']);

function notUnderstood(content: JsonRecord, item: Item): Told {
  const what = storable(Object.keys(content).find((key) => !addressing.has(key)) ?? 'empty');
  return { type: 'unsupported', what, ...(item.customer === undefined ? {} : { from: item.customer }) };
}

function changeEvent(json: unknown, place: Place): InboundEvent {
  const change = asRecord(json);
  if (!change) return unsupported(json, place, 'change that is no object');
  const value = asRecord(change['value']) ?? {};
  const field = asText(change['field']) ?? '';
  // Some fields come in this list with what is otherwise an item of `messaging`.
  if (asRecord(value['sender']) && asRecord(value['recipient'])) {
    return field === 'standby' ? standbyEvent(value, place) : messagingEvent(value, place);
  }
  const at = readTime(place.time, value['created_time']);
  const read = place.ofChats && place.dialect.readChange?.({ field, value, business: place.business, at });
  return complete(read || otherChange(field, value), change, at, place);
}

/** Posts, comments, likes, leads…: they belong to the business, and their authors' ids are not those of the chat. */
function otherChange(field: string, value: JsonRecord): Told {
  const words = [field, value['item'], value['verb']].map(asText).filter((word) => word !== undefined);
  return { type: 'unsupported', what: ['change', ...words].join('.') };
}

function whatEntry(entry: JsonRecord): string {
  const key = Object.keys(entry).find((name) => !['id', 'time', 'uid'].includes(name));
  return key === undefined ? 'entry without items' : `entry without items: ${storable(key)}`;
}

function unsupported(json: unknown, place: Place, what: string): EventOf<'unsupported'> {
  const event = complete({ type: 'unsupported', what }, json, readTime(place.time), place);
  return event as EventOf<'unsupported'>;
}

/** Adds what every event has. Meta repeats a webhook as it was, so that a fingerprint of the item knows it again. */
function complete(event: Told, json: unknown, at: Date, place: Place): InboundEvent {
  const id = event.id ?? fingerprint(json, place.business, at.getTime());
  return { ...event, to: place.business as AccountAddress, id, at } as InboundEvent;
}
