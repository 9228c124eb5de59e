import type { MediaPart, Part } from '../../domain/part.ts';
import { defined } from '../shared/json.ts';
import { group, type Item, number, type Told, text, word } from './wire.ts';

type Fields = Item['fields'];

/** By `MsgType` ("Receiving standard messages"). */
const readers: Readonly<Record<string, (fields: Fields) => Part[]>> = {
  text: textParts,
  image: (fields) => [media('image', fields, text(fields, 'PicUrl'))],
  voice: voiceParts,
  video: (fields) => [media('video', fields)],
  shortvideo: (fields) => [media('video', fields)],
  location: (fields) => placeParts(fields, 'location'),
  link: linkParts,
  // (unverified) WeChat's phones offer no files in these chats; some accounts are told of them all the same.
  file: (fields) => [{ type: 'file', ...defined({ name: text(fields, 'Title') }) }],
};

/** Something the customer said. A kind that is not known is a message all the same, so that agents learn of it. */
export function readMessage(item: Item): Told {
  const { fields, type, customer } = item;
  if (customer === undefined) return { type: 'unsupported', what: `${type} of nobody` };
  const read = Object.hasOwn(readers, type) ? readers[type]!(fields) : [];
  const parts: Part[] = read.length > 0 ? read : [{ type: 'unsupported', what: type }];
  return { type: 'message', from: customer, parts } as Told;
}

/** A tap in a menu of choices that was sent comes as its words, with the id that was hidden in it. */
function textParts(fields: Fields): Part[] {
  const said = text(fields, 'Content');
  const payload = word(fields, 'bizmsgmenuid');
  return [
    ...(said === undefined ? [] : [{ type: 'text', text: said } as const]),
    ...(payload === undefined ? [] : [{ type: 'button', payload } as const]),
  ];
}

const media = (type: MediaPart['type'], fields: Fields, url?: string): MediaPart => ({
  type,
  ...defined({ mediaId: word(fields, 'MediaId'), url }),
});

/** Where the account has speech recognition, what WeChat made of it comes along. */
function voiceParts(fields: Fields): Part[] {
  const heard = text(fields, 'Recognition');
  const lines = heard === undefined ? [] : [`“${heard}” (as WeChat understood it)`];
  return [
    media('audio', fields),
    ...(lines.length > 0 ? [{ type: 'template', what: 'speech recognition', lines } as const] : []),
  ];
}

function linkParts(fields: Fields): Part[] {
  const told = { url: text(fields, 'Url'), title: text(fields, 'Title'), text: text(fields, 'Description') };
  return [{ type: 'link', what: 'link', ...defined(told) }];
}

/** `Location_X` is the latitude. */
export function placeParts(fields: Fields | undefined, what: string): Part[] {
  const latitude = number(fields, 'Location_X');
  const longitude = number(fields, 'Location_Y');
  if (latitude === undefined || longitude === undefined) return [{ type: 'unsupported', what }];
  const title = text(fields, 'Poiname') ?? text(fields, 'Label');
  return [{ type: 'location', latitude, longitude, ...defined({ title }) }];
}

/** What was scanned or picked from a menu entry. */
export function pickedParts({ fields }: Item): Part[] {
  const scanned = text(group(fields, 'ScanCodeInfo'), 'ScanResult');
  const place = group(fields, 'SendLocationInfo');
  return [
    ...(scanned === undefined ? [] : [{ type: 'text', text: scanned } as const]),
    ...(place === undefined ? [] : placeParts(place, 'location_select')),
  ];
}
