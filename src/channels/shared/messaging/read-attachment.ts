import { type MediaType, mediaTypes, type Part } from '../../../domain/part.ts';
import { asId, asNumber, asRecord, asText, defined, type JsonRecord } from '../json.ts';
import { appointmentPart, templatePart } from './read-template.ts';

/** One attachment, whatever its type. `stickerId` is the message's own, where it has one. */
export function readAttachment(json: unknown, stickerId?: string): Part {
  const attachment = asRecord(json);
  const type = asText(attachment?.['type']);
  if (!attachment || type === undefined) return { type: 'unsupported', what: 'attachment without a type' };
  const payload = asRecord(attachment['payload']) ?? {};
  if (isMediaType(type)) return mediaPart(type, attachment, payload, stickerId);
  switch (type) {
    case 'location':
      return locationPart(attachment, payload);
    case 'template':
      return templatePart(payload);
    case 'appointment_booking':
      return appointmentPart(payload);
    case 'story_mention':
      return filePart('Story that mentions you', type, attachment, payload);
    case 'unsupported_type':
      return filePart('Something Meta does not name', type, attachment, payload);
    default:
      return linkPart(type, attachment, payload);
  }
}

/** A file of a kind that is not told. */
function filePart(title: string, what: string, attachment: JsonRecord, payload: JsonRecord): Part {
  const url = urlOf(attachment, payload);
  return url === undefined ? { type: 'unsupported', what } : { type: 'file', url, title };
}

const isMediaType = (type: string): type is MediaType => (mediaTypes as readonly string[]).includes(type);

function mediaPart(type: MediaType, attachment: JsonRecord, payload: JsonRecord, sticker?: string): Part {
  const stickerId = asId(payload['sticker_id']) ?? sticker;
  const part = defined({
    url: urlOf(attachment, payload),
    mediaId: asId(payload['attachment_id']),
    name: asText(attachment['name']) ?? asText(payload['name']),
    title: titleOf(attachment, payload),
  });
  if (stickerId !== undefined && (type === 'sticker' || type === 'image'))
    return { type: 'sticker', ...part, stickerId };
  const empty = part.url === undefined && part.mediaId === undefined;
  return empty ? { type: 'unsupported', what: `${type} without an address` } : { type, ...part };
}

function locationPart(attachment: JsonRecord, payload: JsonRecord): Part {
  const coordinates = asRecord(payload['coordinates']);
  const latitude = asNumber(coordinates?.['lat']);
  const longitude = asNumber(coordinates?.['long']);
  if (latitude === undefined || longitude === undefined) {
    return { type: 'unsupported', what: 'location without coordinates' };
  }
  const where = defined({ title: titleOf(attachment, payload), url: urlOf(attachment, payload) });
  return { type: 'location', latitude, longitude, ...where };
}

/** A shared link (`fallback`), post or reel, and every type to come that has at least an address or a title. */
function linkPart(what: string, attachment: JsonRecord, payload: JsonRecord): Part {
  const url = urlOf(attachment, payload);
  const title = titleOf(attachment, payload);
  const text = asText(payload['text']) ?? asText(payload['description']);
  if (url === undefined && title === undefined) return { type: 'unsupported', what };
  return { type: 'link', what, ...defined({ url, title, text }) };
}

// Older payloads carry title and address beside the payload instead of in it, the address also as `URL`.
const urlOf = (attachment: JsonRecord, payload: JsonRecord): string | undefined =>
  asText(payload['url']) ?? asText(attachment['url']) ?? asText(attachment['URL']);

const titleOf = (attachment: JsonRecord, payload: JsonRecord): string | undefined =>
  asText(payload['title']) ?? asText(attachment['title']);
