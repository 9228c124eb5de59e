import type { EventOf, InboundEvent } from '../../domain/event.ts';
import type { AccountAddress } from '../../domain/ids.ts';
import type { VerifiedRequest } from '../../kit/webhook.ts';
import type { Received } from '../channel.ts';
import { readEnvelope } from '../shared/graph/envelope.ts';
import { fingerprint } from '../shared/graph/fingerprint.ts';
import { asId, asList, asRecord, asText, type JsonRecord, storable } from '../shared/graph/json.ts';
import { readTime } from '../shared/graph/time.ts';
import { readers } from './readers.ts';
import { type Item, readItem, type Told } from './wire.ts';

/** `user` and `permissions` tell of people who log in to the app, not of the page; they hold nothing for a chat. */
const objects = ['page', 'user', 'permissions'];

/** Every item of every list of every entry becomes exactly one event; an entry without items becomes one too. */
export function receive(request: VerifiedRequest): Received {
  const envelope = readEnvelope(request.body, objects);
  if ('malformed' in envelope) return envelope;
  const aboutPage = envelope.object === 'page';
  return { events: envelope.entries.flatMap((entry) => eventsOf(entry, aboutPage)) };
}

/** What all events of an entry share. */
interface Place {
  page: string;
  time: unknown;
  aboutPage: boolean;
}

function eventsOf(json: unknown, aboutPage: boolean): InboundEvent[] {
  const entry = asRecord(json);
  if (!entry) return [unsupported(json, { page: '', time: undefined, aboutPage }, 'entry that is no object')];
  const place = { page: asId(entry['id']) ?? '', time: entry['time'], aboutPage };
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
  const item = readItem(content, place.page, place.time);
  return complete(place.aboutPage ? told(content, item) : notUnderstood(content, item), content, item.at, place);
}

/** One item outside of any webhook, read the same way. `page` is the id of the page it belongs to. */
export const receiveOne = (item: JsonRecord, page: string): InboundEvent =>
  messagingEvent(item, { page, time: undefined, aboutPage: true });

const standbyEvent = (json: unknown, place: Place): InboundEvent => ({
  ...messagingEvent(json, place),
  standby: true,
});

function told(content: JsonRecord, item: Item): Told {
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

/** Posts, comments, likes, leads…: they belong to the page, and their authors' ids are not those of the chat. */
function changeEvent(json: unknown, place: Place): InboundEvent {
  const change = asRecord(json);
  if (!change) return unsupported(json, place, 'change that is no object');
  const value = asRecord(change['value']);
  const words = [change['field'], value?.['item'], value?.['verb']].map(asText).filter((word) => word !== undefined);
  const at = readTime(place.time, value?.['created_time']);
  return complete({ type: 'unsupported', what: ['change', ...words].join('.') }, change, at, place);
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
  const id = event.id ?? fingerprint(json, place.page, at.getTime());
  return { ...event, to: place.page as AccountAddress, id, at } as InboundEvent;
}
