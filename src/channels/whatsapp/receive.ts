import type { InboundEvent } from '../../domain/event.ts';
import type { AccountAddress } from '../../domain/ids.ts';
import type { VerifiedRequest } from '../../kit/webhook.ts';
import type { Received } from '../channel.ts';
import { fingerprint } from '../shared/fingerprint.ts';
import { readEnvelope } from '../shared/graph/envelope.ts';
import { asId, asList, asRecord, asText, type JsonRecord, storable } from '../shared/json.ts';
import { readTime } from '../shared/time.ts';
import { readAccountNews } from './read-account-news.ts';
import { readers } from './readers.ts';
import { contactsIn, type Place, type Reader, type Told } from './wire.ts';

/** Every item of every list of every change becomes exactly one event; a change without lists becomes one too. */
export function receive(request: VerifiedRequest): Received {
  const envelope = readEnvelope(request.body, ['whatsapp_business_account']);
  return 'malformed' in envelope ? envelope : { events: envelope.entries.flatMap(eventsOfEntry) };
}

function eventsOfEntry(json: unknown): InboundEvent[] {
  const entry = asRecord(json);
  const place = { to: asId(entry?.['id']) ?? '', field: '', time: entry?.['time'], contacts: [] };
  const changes = asList(entry?.['changes']);
  return changes.length > 0
    ? changes.flatMap((change) => eventsOfChange(change, place))
    : [unsupported(json, place, 'entry without changes')];
}

function eventsOfChange(json: unknown, entry: Place): InboundEvent[] {
  const change = asRecord(json);
  const value = asRecord(change?.['value']);
  const field = asText(change?.['field']) ?? '';
  if (!value) return [unsupported(json, { ...entry, field }, `change.${field || 'without a field'}`)];
  const number = asId(asRecord(value['metadata'])?.['phone_number_id']);
  const place = { ...entry, field, to: number ?? entry.to, contacts: contactsIn(value) };
  const items = readers.flatMap(([name, read]) =>
    asList(value[name]).map((item) => itemEvent(item, name, read, place)),
  );
  return items.length > 0 ? items : [complete(readAccountNews(field, value), change, place, entry.time)];
}

function itemEvent(json: unknown, list: string, read: Reader, place: Place): InboundEvent {
  const item = asRecord(json);
  const told = item && read(item, place);
  return told
    ? complete(told, json, place, item['timestamp'])
    : unsupported(json, place, [list, whatItem(item)].filter(Boolean).join('.'), item?.['timestamp']);
}

const whatItem = (item: JsonRecord | undefined): string | undefined =>
  asText(item?.['type']) ?? asText(item?.['status']) ?? asText(item?.['event']);

const unsupported = (json: unknown, place: Place, what: string, time?: unknown): InboundEvent =>
  complete({ type: 'unsupported', what: storable(what) }, json, place, time);

/** Adds what every event has. Meta repeats a webhook as it was, so that a fingerprint of the item knows it again. */
function complete(event: Told, json: unknown, place: Place, time: unknown): InboundEvent {
  const at = readTime(time, place.time);
  const id = event.id ?? fingerprint(json, place.field, place.to, at.getTime());
  return { ...event, to: place.to as AccountAddress, id, at } as InboundEvent;
}
