import type { InboundEvent } from '../../../domain/event.ts';
import type { PlatformUserId } from '../../../domain/ids.ts';
import { asId, asRecord, type JsonRecord } from '../json.ts';
import { readTime } from '../time.ts';

/** One item of an entry's `messaging` or `standby` list, and what can be said of it before its kind is known. */
export interface Item {
  json: JsonRecord;
  /** The id of the page or professional account. */
  business: string;
  /** Absent in events that concern the business alone, and where a plugin does not know the person yet. */
  customer?: PlatformUserId;
  /** The business itself is the sender. */
  fromBusiness: boolean;
  at: Date;
}

type Common = 'to' | 'at' | 'id' | 'standby';
type Bare<Event> = Event extends unknown ? Omit<Event, Common> & { id?: string } : never;
/** An event before what all events share is added. Without an `id` it gets a fingerprint of the item. */
export type Told = Bare<InboundEvent>;

/** Turns one kind of item into what it tells; undefined when it is not shaped as documented. */
export type Reader = (content: JsonRecord, item: Item) => Told | undefined;

export function readItem(json: JsonRecord, business: string, entryTime: unknown): Item {
  const sender = personOf(json['sender']);
  const recipient = personOf(json['recipient']);
  const customer = customerAmong(sender, recipient, business, isEcho(json));
  return {
    json,
    business,
    fromBusiness: sender !== undefined && sender === business,
    at: readTime(json['timestamp'], entryTime),
    ...(customer === undefined ? {} : { customer: customer as PlatformUserId }),
  };
}

// A guest of the discontinued chat plugin had no id yet, only a reference.
function personOf(party: unknown): string | undefined {
  const record = asRecord(party);
  return asId(record?.['id']) ?? asId(record?.['user_ref']);
}

const isEcho = (json: JsonRecord): boolean => asRecord(json['message'])?.['is_echo'] === true;

/** The one that is not the business: some events come with sender and recipient swapped. */
function customerAmong(
  sender: string | undefined,
  recipient: string | undefined,
  business: string,
  echo: boolean,
): string | undefined {
  const [first, second] = echo ? [recipient, sender] : [sender, recipient];
  if (first !== undefined && first !== business) return first;
  // Without a sender the recipient is the business, even where its id is not the entry's.
  return first === business && second !== business ? second : undefined;
}
