import type { MessageId } from '../../../domain/ids.ts';
import type { Part } from '../../../domain/part.ts';
import { fingerprint } from '../fingerprint.ts';
import { asId, asList, asRecord, asText, type JsonRecord } from '../json.ts';
import { readAttachment } from './read-attachment.ts';
import { readPriorMessage, referralOf } from './read-referral.ts';
import { orderPart } from './read-template.ts';
import type { Item, Reader, Told } from './wire.ts';

/** A message: the customer's, or one of the business's told back. */
export const readMessage: Reader = (message, item) => {
  if (item.customer === undefined) return undefined;
  if (message['is_deleted'] === true) return readUnsend(message, item);
  return message['is_echo'] === true || item.fromBusiness ? readEcho(message, item) : readIncoming(message, item);
};

/** A cart sent outside of a message. */
export const readCart: Reader = (order, item) =>
  item.customer === undefined
    ? undefined
    : { type: 'message', from: item.customer, id: idOf({}, item), parts: [orderPart(order)] };

function readIncoming(message: JsonRecord, item: Item): Told {
  const referral = referralOf(message['referral']) ?? readPriorMessage(item.json['prior_message']);
  return {
    type: 'message',
    from: item.customer!,
    id: idOf(message, item),
    parts: partsOf(message),
    ...repliedTo(message),
    ...(referral ? { referral } : {}),
  };
}

function readEcho(message: JsonRecord, item: Item): Told {
  const appId = asId(message['app_id']);
  const marker = asText(message['metadata']);
  return {
    type: 'echo',
    from: item.business,
    user: item.customer!,
    id: idOf(message, item),
    parts: partsOf(message),
    ...(appId === undefined ? {} : { appId }),
    ...(marker === undefined ? {} : { marker }),
    ...repliedTo(message),
  };
}

function readUnsend(message: JsonRecord, item: Item): Told | undefined {
  const mid = asId(message['mid']) as MessageId | undefined;
  return mid === undefined ? undefined : { type: 'unsend', from: item.customer!, of: mid, id: mid };
}

function idOf(message: JsonRecord, item: Item): MessageId {
  return (asId(message['mid']) ?? fingerprint(item.json, item.business, item.at.getTime())) as MessageId;
}

function repliedTo(message: JsonRecord): { replyTo?: MessageId } {
  const mid = asId(asRecord(message['reply_to'])?.['mid']);
  return mid === undefined ? {} : { replyTo: mid as MessageId };
}

/** Text first, then what is attached, then what was tapped. Never empty: what cannot be read says so. */
function partsOf(message: JsonRecord): Part[] {
  const parts = [
    ...textOf(message),
    ...attachmentsOf(message),
    ...storyOf(message),
    ...orderOf(message),
    ...tapped(message),
  ];
  if (message['is_unsupported'] === true) parts.push({ type: 'unsupported', what: 'message' });
  return parts.length > 0 ? parts : [{ type: 'unsupported', what: 'message without content' }];
}

const textOf = (message: JsonRecord): Part[] => {
  const text = asText(message['text']);
  return text === undefined ? [] : [{ type: 'text', text }];
};

function attachmentsOf(message: JsonRecord): Part[] {
  const attachments = asList(message['attachments']);
  const stickerId = asId(message['sticker_id']);
  if (attachments.length === 0) return stickerId === undefined ? [] : [{ type: 'sticker', stickerId }];
  // Until 2026 a sticker came as an image, its id sometimes beside rather than inside the attachment.
  return attachments.map((json) => readAttachment(json, attachments.length === 1 ? stickerId : undefined));
}

/** The story a message answers, while it lasts: a picture or a video, which is not told. */
function storyOf(message: JsonRecord): Part[] {
  const story = asRecord(asRecord(message['reply_to'])?.['story']);
  if (!story) return [];
  const url = asText(story['url']);
  return [url === undefined ? { type: 'unsupported', what: 'story' } : { type: 'file', url, title: 'Story answered' }];
}

const orderOf = (message: JsonRecord): Part[] => {
  const order = asRecord(message['order']);
  return order ? [orderPart(order)] : [];
};

/** A quick reply's title is the message's text; a phone number or e-mail is both text and payload. */
function tapped(message: JsonRecord): Part[] {
  const reply = asRecord(message['quick_reply']);
  if (!reply) return [];
  const payload = asText(reply['payload']);
  return [payload === undefined ? { type: 'button' } : { type: 'button', payload }];
}
