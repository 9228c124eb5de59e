import type { MessageId } from '../../domain/ids.ts';
import type { MediaPart, MediaType, Part } from '../../domain/part.ts';
import { asId, asList, asNumber, asRecord, asText, defined, type JsonRecord } from '../shared/json.ts';
import { answerTokenOf } from './answer-token.ts';
import type { Reader } from './wire.ts';

/** "Message event": its id is the message's, which quotes and unsends name. */
export const readMessage: Reader = (item) => {
  const message = asRecord(item.json['message']);
  if (!message || item.customer === undefined) return undefined;
  const id = asId(message['id']);
  const quoted = asId(message['quotedMessageId']);
  return {
    type: 'message',
    from: item.customer,
    parts: [partOf(message)],
    ...(id === undefined ? {} : { id: id as MessageId }),
    ...(quoted === undefined ? {} : { replyTo: quoted as MessageId }),
    ...answerTokenOf(item),
  };
};

/** The customer changed what they had written. */
export const readEdit: Reader = (item) => {
  const message = asRecord(item.json['message']);
  const of = asId(message?.['id']);
  if (!message || of === undefined || item.customer === undefined) return undefined;
  return { type: 'edit', from: item.customer, of: of as MessageId, parts: [partOf(message)] };
};

export const readUnsend: Reader = ({ json, customer }) => {
  const of = asId(asRecord(json['unsend'])?.['messageId']);
  return of === undefined || customer === undefined
    ? undefined
    : { type: 'unsend', from: customer, of: of as MessageId };
};

function partOf(message: JsonRecord): Part {
  const type = asText(message['type']) ?? 'message without a type';
  switch (type) {
    case 'text':
      // LINE's own emoji and mentions stand in the text as words: (love), @Brown.
      return textPart(message) ?? { type: 'unsupported', what: 'text without words' };
    case 'image':
    case 'video':
    case 'audio':
    case 'file':
      return mediaPart(type, message);
    case 'sticker':
      return stickerPart(message);
    case 'location':
      return locationPart(message) ?? { type: 'unsupported', what: 'location without a place' };
    default:
      return { type: 'unsupported', what: type };
  }
}

function textPart(message: JsonRecord): Part | undefined {
  const text = asText(message['text']);
  return text === undefined ? undefined : { type: 'text', text };
}

/** The bytes are asked for by the message's id, unless somebody else than LINE holds them. */
function mediaPart(type: MediaType, message: JsonRecord): MediaPart {
  const provider = asRecord(message['contentProvider']);
  const external = provider?.['type'] === 'external' ? asText(provider['originalContentUrl']) : undefined;
  return {
    type,
    ...defined({
      url: external,
      mediaId: external === undefined ? asId(message['id']) : undefined,
      name: asText(message['fileName']),
      title: placeInSet(message),
    }),
  };
}

/** Pictures sent together come as messages of their own. */
function placeInSet(message: JsonRecord): string | undefined {
  const set = asRecord(message['imageSet']);
  const [index, total] = [asNumber(set?.['index']), asNumber(set?.['total'])];
  return index === undefined || total === undefined ? undefined : `${index} of ${total}`;
}

function stickerPart(message: JsonRecord): MediaPart {
  const words =
    asText(message['text']) ??
    asList(message['keywords'])
      .flatMap((word) => asText(word) ?? [])
      .join(', ');
  return { type: 'sticker', ...defined({ stickerId: asId(message['stickerId']), title: words || undefined }) };
}

function locationPart(message: JsonRecord): Part | undefined {
  const latitude = asNumber(message['latitude']);
  const longitude = asNumber(message['longitude']);
  if (latitude === undefined || longitude === undefined) return undefined;
  const title = [message['title'], message['address']].flatMap((line) => asText(line) ?? []).join(', ');
  return { type: 'location', latitude, longitude, ...(title === '' ? {} : { title }) };
}
