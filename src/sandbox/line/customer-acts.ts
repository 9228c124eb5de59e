import type { Bubble, CustomerPart, SandboxFile } from '../contract.ts';
import {
  type Content,
  type Customer,
  customerOf,
  type Json,
  newEventId,
  newMessageId,
  newToken,
  type World,
} from './state.ts';

/** How long LINE takes to prepare a video or a sound here. */
const preparingMs = 100;

function prepared(content: Content): void {
  if (content.state === 'processing') content.state = 'succeeded';
}

/** The customer writes. Files go as a message each, a text beside them too, all in one webhook. Returns the first one's id. */
export async function customerSends(
  world: World,
  user: string,
  part: CustomerPart,
  options: { replyTo?: string; at?: Date } = {},
): Promise<string> {
  const customer = customerOf(world.state, user);
  const at = options.at ?? new Date();
  const events = eventsOf(world, customer, part, at, options.replyTo);
  customer.lastContact = Math.max(customer.lastContact ?? 0, at.getTime());
  world.changed();
  await world.tell(events.map(({ event }) => event));
  return events[0]!.id;
}

interface Told {
  id: string;
  event: Json;
}

function eventsOf(world: World, customer: Customer, part: CustomerPart, at: Date, replyTo?: string): Told[] {
  const quoted = replyTo === undefined ? {} : { quotedMessageId: replyTo };
  switch (part.type) {
    case 'text':
      return part.quickReply === undefined
        ? [said(world, customer, at, { type: 'text', text: part.text, ...quoted }, part.text)]
        : [tapped(world, customer, at, part.text, part.quickReply)];
    case 'postback':
      return [tapped(world, customer, at, part.title, part.payload)];
    case 'sticker':
      return [said(world, customer, at, sticker(part.stickerId), undefined, { type: 'sticker' })];
    case 'location':
      return [said(world, customer, at, place(part), undefined, { type: 'location', name: part.title })];
    case 'link':
      throw new Error('LINE customers send links as text');
    default:
      return [
        ...part.files.map((file, i) => sentFile(world, customer, at, part.type, file, setOf(part.files, i))),
        ...(part.text === undefined ? [] : [said(world, customer, at, { type: 'text', text: part.text }, part.text)]),
      ];
  }
}

const sticker = (stickerId: string): Json => ({
  type: 'sticker',
  packageId: '446',
  stickerId,
  stickerResourceType: 'STATIC',
  keywords: ['hello'],
});

const place = ({ latitude, longitude, title }: { latitude: number; longitude: number; title: string }): Json => ({
  type: 'location',
  title,
  address: '1 Rue du Pont',
  latitude,
  longitude,
});

const setOf = (files: readonly SandboxFile[], i: number): Json =>
  files.length > 1 ? { imageSet: { id: `set-${files.length}`, index: i + 1, total: files.length } } : {};

function sentFile(
  world: World,
  customer: Customer,
  at: Date,
  type: 'image' | 'video' | 'audio' | 'file',
  file: SandboxFile,
  set: Json,
): Told {
  const played = type === 'video' || type === 'audio';
  const message =
    type === 'file'
      ? { type, fileName: file.name, fileSize: file.bytes.length }
      : { type, contentProvider: { type: 'line' }, ...(played ? { duration: 1_000 } : set) };
  const { name, contentType, bytes } = file;
  const told = said(world, customer, at, message, undefined, { type, name, contentType, bytes: bytes.length });
  const content: Content = { file, state: played ? 'processing' : 'succeeded' };
  world.state.contents.set(told.id, content);
  if (played) setTimeout(() => prepared(content), preparingMs).unref();
  return told;
}

function said(
  world: World,
  customer: Customer,
  at: Date,
  message: Json,
  text: string | undefined,
  attachment?: Bubble['attachments'][number],
): Told {
  const id = newMessageId();
  const replyTo = message['quotedMessageId'];
  customer.bubbles.push({
    ...emptyBubble(id, at),
    attachments: attachment ? [attachment] : [],
    ...(text === undefined ? {} : { text }),
    ...(typeof replyTo === 'string' ? { replyTo } : {}),
  });
  const quotable = ['text', 'image', 'video', 'sticker'].includes(String(message['type']));
  const tokens = { markAsReadToken: newToken(), ...(quotable ? { quoteToken: newToken() } : {}) };
  const event = eventFrom(world, customer.user, 'message', at, { message: { id, ...message, ...tokens } });
  return { id, event };
}

/** A button shows its words in the chat, but only its data is told. */
function tapped(world: World, customer: Customer, at: Date, title: string, data: string): Told {
  const event = eventFrom(world, customer.user, 'postback', at, { postback: { data } });
  const id = String(event['webhookEventId']);
  customer.bubbles.push({ ...emptyBubble(id, at), text: title });
  return { id, event };
}

const emptyBubble = (mid: string, at: Date): Bubble => ({
  mid,
  from: 'customer',
  at,
  attachments: [],
  delivered: true,
  read: false,
  reactions: [],
});

/** What every event has; with a token for one free answer, unless the chat is over. */
export function eventFrom(world: World, user: string, type: string, at: Date, content: Json, answerable = true): Json {
  return {
    ...bareEvent(type, at, content),
    source: { type: 'user', userId: user },
    ...(answerable ? { replyToken: issueToken(world, user) } : {}),
  };
}

/** The same in a group or room. */
export function groupEvent(world: World, chat: string, type: string, content: Json, answerable: boolean): Json {
  const source = chat.startsWith('R') ? { type: 'room', roomId: chat } : { type: 'group', groupId: chat };
  return {
    ...bareEvent(type, new Date(), content),
    source,
    ...(answerable ? { replyToken: issueToken(world, chat) } : {}),
  };
}

const bareEvent = (type: string, at: Date, content: Json): Json => ({
  type,
  mode: 'active',
  timestamp: at.getTime(),
  webhookEventId: newEventId(),
  ...content,
});

function issueToken(world: World, to: string): string {
  const token = newToken();
  world.state.replyTokens.set(token, { to, issuedAt: Date.now(), used: false });
  return token;
}

/** Up to 24 hours later; the file is gone with it. */
export async function customerUnsends(world: World, user: string, messageId: string): Promise<void> {
  const customer = customerOf(world.state, user);
  customer.bubbles = customer.bubbles.filter(({ mid }) => mid !== messageId);
  world.state.contents.delete(messageId);
  world.changed();
  await world.tell([eventFrom(world, user, 'unsend', new Date(), { unsend: { messageId } }, false)]);
}

/** They block the account, or take it back. */
export async function block(world: World, user: string, blocked: boolean): Promise<void> {
  Object.assign(customerOf(world.state, user), { blocked, friend: !blocked });
  world.changed();
  const follow = { follow: { isUnblocked: true } };
  await world.tell([
    blocked
      ? eventFrom(world, user, 'unfollow', new Date(), {}, false)
      : eventFrom(world, user, 'follow', new Date(), follow),
  ]);
}

/** A video was watched to its end; LINE tells of those with a tracking id. */
export async function watchesVideo(world: World, user: string, mid: string): Promise<void> {
  const trackingId = customerOf(world.state, user).bubbles.find((bubble) => bubble.mid === mid)?.metadata;
  if (trackingId === undefined) throw new Error(`message ${mid} is no video with a tracking id`);
  await world.tell([eventFrom(world, user, 'videoPlayComplete', new Date(), { videoPlayComplete: { trackingId } })]);
}
