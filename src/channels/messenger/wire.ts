import type { InboundEvent } from '../../domain/event.ts';
import type { PlatformUserId } from '../../domain/ids.ts';
import { asId, asRecord, type JsonRecord } from '../shared/graph/json.ts';
import { readTime } from '../shared/graph/time.ts';

/** One item of an entry's `messaging` or `standby` list, and what can be said of it before its kind is known. */
export interface Item {
  json: JsonRecord;
  page: string;
  /** Absent in events that concern the page alone, and where a plugin does not know the person yet. */
  customer?: PlatformUserId;
  /** The page itself is the sender. */
  fromPage: boolean;
  at: Date;
}

type Common = 'to' | 'at' | 'id' | 'standby';
type Bare<Event> = Event extends unknown ? Omit<Event, Common> & { id?: string } : never;
/** An event before what all events share is added. Without an `id` it gets a fingerprint of the item. */
export type Told = Bare<InboundEvent>;

/** Turns one kind of item into what it tells; undefined when it is not shaped as documented. */
export type Reader = (content: JsonRecord, item: Item) => Told | undefined;

export function readItem(json: JsonRecord, page: string, entryTime: unknown): Item {
  const sender = personOf(json['sender']);
  const recipient = personOf(json['recipient']);
  const customer = customerAmong(sender, recipient, page, isEcho(json));
  return {
    json,
    page,
    fromPage: sender !== undefined && sender === page,
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

/** The one that is not the page: some events come with sender and recipient swapped. */
function customerAmong(
  sender: string | undefined,
  recipient: string | undefined,
  page: string,
  echo: boolean,
): string | undefined {
  const [first, second] = echo ? [recipient, sender] : [sender, recipient];
  if (first !== undefined && first !== page) return first;
  // Without a sender the recipient is the page, even where its id is not the entry's.
  return first === page && second !== page ? second : undefined;
}
