import type { MediaPart, MediaType, Part } from '../../domain/part.ts';
import { asId, asList, asNumber, asRecord, asText, defined, type JsonRecord } from '../shared/json.ts';

type PartReader = (content: unknown) => Part | undefined;

/** Keys of a message that say what it holds, in the order in which they are shown (Telegram Bot API, "Message"). */
const readers: Readonly<Record<string, PartReader>> = {
  forward_origin: (origin) => forwarded(asRecord(origin)),
  photo: (sizes) => file('image', asRecord(asList(sizes).at(-1))),
  live_photo: (photo) => file('video', asRecord(photo)),
  animation: (animation) => file('video', asRecord(animation)),
  video: (video) => file('video', asRecord(video)),
  video_note: (note) => file('video', asRecord(note)),
  audio: (audio) => file('audio', asRecord(audio)),
  voice: (voice) => file('audio', asRecord(voice)),
  document: (document) => file('file', asRecord(document)),
  sticker: (sticker) => stickerPart(asRecord(sticker)),
  venue: (venue) => venuePart(asRecord(venue)),
  location: (location) => locationPart(asRecord(location)),
  contact: (contact) => contactPart(asRecord(contact)),
  poll: (poll) => pollPart(asRecord(poll)),
  dice: (dice) => dicePart(asRecord(dice)),
  game: (game) => titled('game', asRecord(game)),
  invoice: (invoice) => titled('invoice', asRecord(invoice)),
  story: () => ({ type: 'link', what: 'story' }),
};

/** Text or caption first, then what else the message holds. Empty for a message that says nothing. */
export function partsOf(message: JsonRecord): Part[] {
  const shown = Object.entries(readers).flatMap(([key, read]) => {
    if (message[key] === undefined || isSaidTwice(key, message)) return [];
    return [read(message[key]) ?? ({ type: 'unsupported', what: key } as const)];
  });
  const forwardedFirst = shown.filter((part) => part.type === 'link' && part.what === 'forwarded');
  const others = shown.filter((part) => !forwardedFirst.includes(part));
  return [...forwardedFirst, ...textOf(message), ...others, ...linksOf(message)];
}

/** An animation is a document too, and a venue a location. */
const isSaidTwice = (key: string, message: JsonRecord): boolean =>
  (key === 'document' && message['animation'] !== undefined) || (key === 'location' && message['venue'] !== undefined);

function textOf(message: JsonRecord): Part[] {
  const text = asText(message['text']) ?? asText(message['caption']);
  return text === undefined ? [] : [{ type: 'text', text }];
}

/** Links hidden behind words; those that are written out can be read anyway. */
function linksOf(message: JsonRecord): Part[] {
  const text = asText(message['text']) ?? asText(message['caption']) ?? '';
  return asList(message['entities'] ?? message['caption_entities']).flatMap((json): Part[] => {
    const entity = asRecord(json);
    const url = asText(entity?.['url']);
    if (entity?.['type'] !== 'text_link' || url === undefined) return [];
    const start = asNumber(entity['offset']) ?? 0;
    const title = asText(text.slice(start, start + (asNumber(entity['length']) ?? 0)));
    return [{ type: 'link', what: 'link', url, ...defined({ title }) }];
  });
}

/** Files are asked for by id when they are fetched: their links hold the bot's token, and last for an hour. */
function file(type: MediaType, json: JsonRecord | undefined): MediaPart | undefined {
  const mediaId = asText(json?.['file_id']);
  if (mediaId === undefined) return undefined;
  return { type, mediaId, ...defined({ name: asText(json?.['file_name']), title: asText(json?.['title']) }) };
}

function stickerPart(json: JsonRecord | undefined): Part | undefined {
  const part = file('sticker', json);
  const title = asText(json?.['emoji']);
  return part && { ...part, ...defined({ stickerId: asText(json?.['file_unique_id']), title }) };
}

function locationPart(json: JsonRecord | undefined): Part | undefined {
  const latitude = asNumber(json?.['latitude']);
  const longitude = asNumber(json?.['longitude']);
  return latitude === undefined || longitude === undefined ? undefined : { type: 'location', latitude, longitude };
}

function venuePart(json: JsonRecord | undefined): Part | undefined {
  const place = locationPart(asRecord(json?.['location']));
  const title = [json?.['title'], json?.['address']].flatMap((line) => asText(line) ?? []).join(', ');
  return place && ({ ...place, ...(title === '' ? {} : { title }) } as Part);
}

function contactPart(json: JsonRecord | undefined): Part | undefined {
  const name = [json?.['first_name'], json?.['last_name']].flatMap((word) => asText(word) ?? []).join(' ');
  const lines = [name, asText(json?.['phone_number']) ?? ''].filter((line) => line !== '');
  return lines.length > 0 ? { type: 'template', what: 'contact', lines } : undefined;
}

function pollPart(json: JsonRecord | undefined): Part | undefined {
  const question = asText(json?.['question']);
  const options = asList(json?.['options']).flatMap((option) => asText(asRecord(option)?.['text']) ?? []);
  return question === undefined
    ? undefined
    : { type: 'template', what: 'poll', lines: [question, ...options.map((option) => `- ${option}`)] };
}

function dicePart(json: JsonRecord | undefined): Part | undefined {
  const value = asId(json?.['value']);
  return value === undefined ? undefined : { type: 'text', text: `${asText(json?.['emoji']) ?? '🎲'} ${value}` };
}

function titled(what: string, json: JsonRecord | undefined): Part | undefined {
  const lines = [json?.['title'], json?.['description']].flatMap((line) => asText(line) ?? []);
  return lines.length > 0 ? { type: 'template', what, lines } : undefined;
}

function forwarded(json: JsonRecord | undefined): Part {
  const user = asRecord(json?.['sender_user']);
  const chat = asRecord(json?.['chat']) ?? asRecord(json?.['sender_chat']);
  const from = asText(user?.['first_name']) ?? asText(json?.['sender_user_name']) ?? asText(chat?.['title']);
  return { type: 'link', what: 'forwarded', title: from === undefined ? 'Forwarded' : `Forwarded from ${from}` };
}
