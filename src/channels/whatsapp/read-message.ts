import type { MessageId, PlatformUserId } from '../../domain/ids.ts';
import type { Part } from '../../domain/part.ts';
import { asId, asRecord, asText, defined, type JsonRecord } from '../shared/json.ts';
import { partsOf } from './read-parts.ts';
import { referralOf } from './read-referral.ts';
import { type Place, type Reader, type Told, type Who, whoIs } from './wire.ts';

/** An item of `messages`: mostly something the customer said, else an act that has the form of a message. */
export const readMessage: Reader = (message, place) => {
  const group = asId(message['group_id']);
  if (group !== undefined) return { type: 'group', ...own(message), chat: group, what: `message.${typeOf(message)}` };
  if (message['type'] === 'system') return readSystem(message, place);
  const who = senderOf(message, place);
  if (!who) return undefined;
  switch (message['type']) {
    case 'reaction':
      return readReaction(message, who);
    case 'edit':
      return readEdit(message, who);
    case 'revoke':
      return readRevoke(message, who);
    default:
      return said(message, who);
  }
};

const typeOf = (message: JsonRecord): string => asText(message['type']) ?? 'without a type';

const senderOf = (message: JsonRecord, { contacts }: Place): Who | undefined =>
  whoIs({ phone: message['from'], scoped: message['from_user_id'], parent: message['from_parent_user_id'] }, contacts);

const own = (message: JsonRecord): { id?: string } => defined({ id: asId(message['id']) });

function said(message: JsonRecord, who: Who): Told {
  const replyTo = asId(asRecord(message['context'])?.['id']) as MessageId | undefined;
  const referral = referralOf(message['referral']);
  return {
    type: 'message',
    ...who,
    ...(own(message) as { id: MessageId }),
    parts: [...partsOf(message), ...productAskedAbout(message)],
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(referral ? { referral } : {}),
  };
}

/** The product from whose page in the catalogue the customer wrote. */
function productAskedAbout(message: JsonRecord): Part[] {
  const product = asRecord(asRecord(message['context'])?.['referred_product']);
  const id = asId(product?.['product_retailer_id']);
  return id === undefined ? [] : [{ type: 'template', what: 'product', lines: [`About the product ${id}`] }];
}

function readReaction(message: JsonRecord, who: Who): Told | undefined {
  const reaction = asRecord(message['reaction']);
  const of = asId(reaction?.['message_id']) as MessageId | undefined;
  if (of === undefined) return undefined;
  const emoji = asText(reaction?.['emoji']);
  const action = emoji === undefined ? 'unreact' : 'react';
  return { type: 'reaction', ...who, ...own(message), of, action, ...defined({ emoji }) };
}

function readEdit(message: JsonRecord, who: Who): Told | undefined {
  const edit = asRecord(message['edit']);
  const of = asId(edit?.['original_message_id']) as MessageId | undefined;
  const now = asRecord(edit?.['message']);
  if (of === undefined || !now) return undefined;
  return { type: 'edit', ...who, ...own(message), of, parts: partsOf(now) };
}

function readRevoke(message: JsonRecord, who: Who): Told | undefined {
  const of = asId(asRecord(message['revoke'])?.['original_message_id']) as MessageId | undefined;
  return of === undefined ? undefined : { type: 'unsend', ...who, ...own(message), of };
}

/** Changed numbers and ids come without contacts. Other system messages hold nothing for a conversation. */
function readSystem(message: JsonRecord, place: Place): Told | undefined {
  const system = asRecord(message['system']);
  const type = asText(system?.['type']) ?? '';
  if (/^(?:user|customer)_changed_number$/.test(type)) return readNewNumber(message, system!);
  if (type === 'user_changed_user_id') return readNewUserId(message, system!, place);
  return { type: 'unsupported', what: `system.${type || 'without a type'}`, ...own(message) };
}

/** The new number is `wa_id`, in older versions `new_wa_id`. A new number comes with a new business-scoped id. */
function readNewNumber(message: JsonRecord, system: JsonRecord): Told | undefined {
  const before = asId(message['from']) ?? asId(message['from_user_id']);
  const now = asId(system['wa_id']) ?? asId(system['new_wa_id']);
  return before === undefined || now === undefined
    ? undefined
    : identity(message, before, now, asId(system['user_id']));
}

function readNewUserId(message: JsonRecord, system: JsonRecord, place: Place): Told | undefined {
  const now = asId(system['user_id']);
  const phone = asId(message['from']) ?? asId(place.contacts[0]?.['wa_id']);
  if (now === undefined) return undefined;
  if (phone !== undefined) return identity(message, phone, undefined, now);
  const before = asId(system['previous_user_id']) ?? asId(message['from_user_id']) ?? idBefore(system, now);
  return before === undefined ? undefined : identity(message, before, now);
}

/** Where only the sentence names the id of before: “… changed from A to B”. */
function idBefore(system: JsonRecord, now: string): string | undefined {
  const ids = /\bfrom ([A-Z]{2}\.\w+) to ([A-Z]{2}\.\w+)$/.exec(asText(system['body']) ?? '');
  return ids?.[2] === now ? ids[1] : undefined;
}

function identity(message: JsonRecord, before: string, now: string | undefined, scoped?: string): Told {
  const aliases = defined({ 'business-scoped-id': scoped === now ? undefined : scoped }) as Record<string, string>;
  return {
    type: 'identity',
    ...own(message),
    from: before as PlatformUserId,
    ...(now === undefined || now === before ? {} : { now: now as PlatformUserId }),
    ...(Object.keys(aliases).length === 0 ? {} : { aliases }),
  };
}
