import type { InboundEvent } from '../../domain/event.ts';
import type { PlatformUserId } from '../../domain/ids.ts';
import { asId, asNumber, asRecord, asRecords, asText, type JsonRecord } from '../shared/json.ts';
import { readTime } from '../shared/time.ts';

/** One webhook, opened and parsed. Names are WeChat's own. */
export interface Item {
  fields: JsonRecord;
  /** `MsgType`: `text`, `event`… */
  type: string;
  /** `Event`, where it is one: `subscribe`, `CLICK`… */
  event: string;
  /** `EventKey`: a menu entry's key, a QR code's scene, a link. */
  key: string | undefined;
  customer: PlatformUserId | undefined;
  at: Date;
}

type Common = 'to' | 'at' | 'standby' | 'id';
/** An event as a reader tells it; what all share is added later. `part` tells events of one webhook apart. */
export type Told = (InboundEvent extends infer Each ? (Each extends unknown ? Omit<Each, Common> : never) : never) & {
  part?: string;
};

export function readItem(fields: JsonRecord): Item {
  const from = word(fields, 'FromUserName');
  return {
    fields,
    type: word(fields, 'MsgType') ?? '',
    event: word(fields, 'Event') ?? '',
    key: text(fields, 'EventKey'),
    customer: from as PlatformUserId | undefined,
    // Seconds.
    at: readTime(fields['CreateTime']),
  };
}

/** A field that comes twice counts once. */
const one = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);

export const text = (fields: JsonRecord | undefined, name: string): string | undefined => asText(one(fields?.[name]));

/** An id, a type, a number in digits: what stands around it means nothing. */
export const word = (fields: JsonRecord | undefined, name: string): string | undefined =>
  asText(asId(one(fields?.[name]))?.trim());

export const number = (fields: JsonRecord | undefined, name: string): number | undefined =>
  asNumber(one(fields?.[name]));

export const group = (fields: JsonRecord | undefined, name: string): JsonRecord | undefined =>
  asRecord(one(fields?.[name]));

/** The elements of that name: XML makes no list of a single one. */
export const groups = (fields: JsonRecord | undefined, name: string): JsonRecord[] =>
  asRecords([fields?.[name]].flat());
