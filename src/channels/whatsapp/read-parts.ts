import type { MediaType, Part } from '../../domain/part.ts';
import { asId, asList, asNumber, asRecord, asText, defined, type JsonRecord } from '../shared/json.ts';
import { cardPart } from './read-contact-card.ts';
import { interactiveParts } from './read-interactive.ts';

/** What a message says, whatever its type. Never empty: what cannot be read says so. */
export function partsOf(message: JsonRecord): Part[] {
  const type = asText(message['type']) ?? 'message without a type';
  const parts = read(type, message);
  return parts.length > 0 ? parts : [{ type: 'unsupported', what: whatUnsupported(type, message) }];
}

function read(type: string, message: JsonRecord): Part[] {
  const media = mediaTypes[type];
  const content = asRecord(message[type]);
  if (media) return content ? mediaParts(media, content) : [];
  switch (type) {
    case 'text':
      return textParts(content?.['body']);
    case 'location':
      return content ? locationParts(content) : [];
    case 'contacts':
      return asList(message['contacts']).flatMap((card) => cardPart(asRecord(card)));
    case 'button':
      return buttonParts(content?.['text'], content?.['payload']);
    case 'interactive':
      return content ? interactiveParts(content) : [];
    case 'order':
      return content ? [orderPart(content)] : [];
    case 'request_welcome':
      return [{ type: 'button', title: 'Opened the chat' }];
    default:
      return [];
  }
}

const mediaTypes: Readonly<Record<string, MediaType>> = {
  image: 'image',
  video: 'video',
  audio: 'audio',
  voice: 'audio',
  document: 'file',
  sticker: 'sticker',
};

const textParts = (text: unknown): Part[] => {
  const words = asText(text);
  return words === undefined ? [] : [{ type: 'text', text: words }];
};

/**
 * A link that comes along needs the same token as the id and lives for minutes only, so the id is what counts. The caption
 * stands under the file.
 */
function mediaParts(type: MediaType, content: JsonRecord): Part[] {
  const mediaId = asId(content['id']);
  const url = mediaId === undefined ? asText(content['url']) : undefined;
  const caption = textParts(content['caption']);
  if (mediaId === undefined && url === undefined)
    return [{ type: 'unsupported', what: `${type} without an id` }, ...caption];
  return [{ type, ...defined({ mediaId, url, name: asText(content['filename']) }) }, ...caption];
}

function locationParts(content: JsonRecord): Part[] {
  const latitude = asNumber(content['latitude']);
  const longitude = asNumber(content['longitude']);
  if (latitude === undefined || longitude === undefined) return [];
  const title = [asText(content['name']), asText(content['address'])].filter((word) => word !== undefined);
  const where = defined({
    title: title.length > 0 ? [...new Set(title)].join(', ') : undefined,
    url: asText(content['url']),
  });
  return [{ type: 'location', latitude, longitude, ...where }];
}

/** The quick reply of a template. */
function buttonParts(title: unknown, payload: unknown): Part[] {
  const button = defined({ title: asText(title), payload: asText(payload) });
  return Object.keys(button).length === 0 ? [] : [{ type: 'button', ...button }];
}

function orderPart(order: JsonRecord): Part {
  const lines = asList(order['product_items']).flatMap((item) => productLine(asRecord(item)));
  const words = asText(order['text']);
  return { type: 'template', what: 'order', lines: [...lines, ...(words === undefined ? [] : [words])] };
}

function productLine(item: JsonRecord | undefined): string[] {
  const id = asId(item?.['product_retailer_id']);
  if (!item || id === undefined) return [];
  const price = asId(item['item_price']);
  const cost = price === undefined ? [] : [[price, asText(item['currency'])].filter(Boolean).join(' ')];
  return [[`${asId(item['quantity']) ?? '1'} × ${id}`, ...cost].join(', ')];
}

/** Polls, view-once pictures and the like come without content; sometimes with a word for what it was. */
function whatUnsupported(type: string, message: JsonRecord): string {
  const named = asText(asRecord(message['unsupported'])?.['type']);
  if (named !== undefined) return named;
  const error = asRecord(asList(message['errors'])[0]);
  if (type !== 'unsupported' && type !== 'unknown') return type;
  return error === undefined || asId(error['code']) === '131051'
    ? 'WhatsApp does not pass on this kind'
    : `WhatsApp reported error ${asId(error['code']) ?? 'without a code'}`;
}
