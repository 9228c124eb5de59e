import type { InboundEvent } from '../../domain/event.ts';
import type { PlatformUserId } from '../../domain/ids.ts';
import type { Profile } from '../../domain/person.ts';
import { asId, asRecord, asRecords, asText, defined, type JsonRecord } from '../shared/json.ts';

/** What all items of one change share. */
export interface Place {
  /** The phone number's id; that of the business account for what concerns it as a whole. */
  to: string;
  field: string;
  time: unknown;
  contacts: JsonRecord[];
}

type Common = 'to' | 'at' | 'id' | 'standby';
type Bare<Event> = Event extends unknown ? Omit<Event, Common> & { id?: string } : never;
/** An event before what all events share is added. Without an `id` it gets a fingerprint of the item. */
export type Told = Bare<InboundEvent>;

/** Turns one item of a list into what it tells; undefined when it is not shaped as documented. */
export type Reader = (item: JsonRecord, place: Place) => Told | undefined;

/** Where an item names somebody: by phone number, by business-scoped id, or both. */
export interface Named {
  phone: unknown;
  scoped?: unknown;
  parent?: unknown;
}

export interface Who {
  from: PlatformUserId;
  aliases?: Record<string, string>;
  profile?: Profile;
}

/**
 * Who an item is about. The phone number names a person where WhatsApp tells it; of people with a username it may tell only
 * the id that is scoped to the business (Cloud API, "Business-scoped user IDs").
 */
export function whoIs(named: Named, contacts: readonly JsonRecord[]): Who | undefined {
  const contact = contactOf(named, contacts);
  const phone = asId(named.phone) ?? (asId(named.scoped) === undefined ? asId(contact?.['wa_id']) : undefined);
  const scoped = asId(named.scoped) ?? asId(contact?.['user_id']);
  const from = phone ?? scoped;
  if (from === undefined) return undefined;
  const aliases = aliasesOf(from, scoped, asId(named.parent) ?? asId(contact?.['parent_user_id']));
  // A single contact gives its name even where its number is written in another way; its ids only where it is the same person.
  const called = contact ?? (contacts.length === 1 ? contacts[0] : undefined);
  return {
    from: from as PlatformUserId,
    ...filled('aliases', aliases),
    ...filled('profile', profileOf(called, phone)),
  };
}

const aliasesOf = (from: string, scoped?: string, parent?: string): Record<string, string> =>
  defined({
    'business-scoped-id': scoped === from ? undefined : scoped,
    'parent-business-scoped-id': parent,
  }) as Record<string, string>;

/** The one that carries this id; where the item names nobody, the only one. */
function contactOf(named: Named, contacts: readonly JsonRecord[]): JsonRecord | undefined {
  const ids = [asId(named.phone), asId(named.scoped)].filter((id) => id !== undefined);
  if (ids.length === 0) return contacts.length === 1 ? contacts[0] : undefined;
  return contacts.find((contact) =>
    [asId(contact['wa_id']), asId(contact['user_id'])].some((id) => id !== undefined && ids.includes(id)),
  );
}

/** WhatsApp verified the number when the person signed up. */
function profileOf(contact: JsonRecord | undefined, phone: string | undefined): Profile {
  const name = asText(asRecord(contact?.['profile'])?.['name']);
  return defined({ name, phone: phone !== undefined && isPhone(phone) ? `+${phone}` : undefined });
}

/** Digits of an international number without its plus; a business-scoped id begins with a country's letters. */
export const isPhone = (id: string): boolean => /^[1-9]\d{5,14}$/.test(id);

export const contactsIn = (value: JsonRecord): JsonRecord[] => asRecords(value['contacts']);

const filled = <Key extends string, Value extends object>(key: Key, value: Value): { [K in Key]?: Value } =>
  (Object.keys(value).length === 0 ? {} : { [key]: value }) as { [K in Key]?: Value };
