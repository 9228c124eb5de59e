import type { InboundEvent } from '../../domain/event.ts';
import type { PlatformUserId } from '../../domain/ids.ts';
import { asId, asRecord, asText, type JsonRecord } from '../shared/json.ts';
import { readTime } from '../shared/time.ts';

/** One event of a webhook, and what can be said of it before its kind is known ("Webhook event objects"). */
export interface Item {
  json: JsonRecord;
  type: string;
  /** Absent where the customer has not consented to be named, and in events that concern the account alone. */
  customer?: PlatformUserId;
  /** Set when it happened in a group or room. */
  chat?: string;
  at: Date;
  /** Another module of the account has the chat; nothing may be said there. */
  standby: boolean;
  /** It was delivered before, and not taken. */
  again: boolean;
  replyToken?: string;
}

type Common = 'to' | 'at' | 'id' | 'standby';
type Bare<Event> = Event extends unknown ? Omit<Event, Common> & { id?: string } : never;
/** An event before what all events share is added. Without an `id` it gets LINE's id of the event. */
export type Told = Bare<InboundEvent>;

/** Turns one kind of event into what it tells; undefined when it is not shaped as documented. */
export type Reader = (item: Item) => Told | undefined;

export function readItem(json: JsonRecord): Item {
  const source = asRecord(json['source']);
  const customer = asId(source?.['userId']);
  const chat = chatOf(source);
  const replyToken = asText(json['replyToken']);
  return {
    json,
    type: asText(json['type']) ?? 'event without a type',
    at: readTime(json['timestamp']),
    standby: json['mode'] === 'standby',
    again: asRecord(json['deliveryContext'])?.['isRedelivery'] === true,
    ...(customer === undefined ? {} : { customer: customer as PlatformUserId }),
    ...(chat === undefined ? {} : { chat }),
    ...(replyToken === undefined ? {} : { replyToken }),
  };
}

function chatOf(source: JsonRecord | undefined): string | undefined {
  if (source?.['type'] === 'group') return asId(source['groupId']) ?? 'group without an id';
  if (source?.['type'] === 'room') return asId(source['roomId']) ?? 'room without an id';
  return undefined;
}
