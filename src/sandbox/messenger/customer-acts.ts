import type { CustomerPart } from '../contract.ts';
import { stickerPicture } from './avatar.ts';
import { linkTo } from './media.ts';
import { confirmDelivery, echoOf } from './send-api.ts';
import {
  type Customer,
  customerOf,
  newMid,
  type StoredAttachment,
  type StoredBubble,
  store,
  type World,
} from './state.ts';

type Json = Record<string, unknown>;

/** The app id of Facebook's own inbox. */
const inboxAppId = '263902037430900';

const reactionNames: Record<string, string> = {
  '❤': 'love',
  '❤️': 'love',
  '😂': 'smile',
  '😆': 'smile',
  '😮': 'wow',
  '😢': 'sad',
  '😠': 'angry',
  '👍': 'like',
  '👎': 'dislike',
};

export async function customerSends(
  world: World,
  psid: string,
  part: CustomerPart,
  options: { replyTo?: string; at?: Date } = {},
): Promise<string> {
  const customer = customerOf(world.state, psid);
  const at = options.at ?? new Date();
  const bubble = { ...emptyBubble('customer', at), ...shownAs(world, part), ...repliesTo(options.replyTo) };
  customer.bubbles.push(bubble);
  contacted(customer, at);
  world.changed();
  const told = toldAs(world, part, bubble);
  const { cameBy } = customer;
  delete customer.cameBy;
  const by = { ...fromCustomer(world, psid, at), ...priorMessage(customer, told) };
  await world.tell({ ...by, ...(cameBy ? withReferral(told, cameBy) : told) });
  return bubble.mid;
}

/** "Checkbox Plugin": what is told has no sender, only the reference that the page made up. */
export async function customerTicksBox(
  world: World,
  psid: string,
  { ref, userRef }: { ref: string; userRef: string },
): Promise<void> {
  customerOf(world.state, psid).tickedBox = userRef;
  await world.tell({
    recipient: { id: world.options.pageId },
    timestamp: Date.now(),
    optin: { ref, user_ref: userRef },
  });
}

/** Who ticked a box is known by the first message after it, which names the box's reference. */
function priorMessage(customer: Customer, told: Json): Json {
  const { tickedBox } = customer;
  if (tickedBox === undefined || !('message' in told)) return {};
  delete customer.tickedBox;
  return { prior_message: { source: 'checkbox_plugin', identifier: tickedBox } };
}

/** "m.me Links": in a thread that exists as an event of its own, which opens the window; else with the first message. */
export async function customerOpens(world: World, psid: string, url: string): Promise<void> {
  const { host, pathname, searchParams } = new URL(url);
  if (host !== 'm.me' || pathname !== `/${world.options.pageId}`) throw new Error(`${url} leads to another page`);
  const customer = customerOf(world.state, psid);
  const referral = { ref: searchParams.get('ref') ?? '', source: 'SHORTLINK', type: 'OPEN_THREAD' };
  if (customer.bubbles.length === 0) {
    customer.cameBy = referral;
    return;
  }
  contacted(customer, new Date());
  world.changed();
  await world.tell({ ...fromCustomer(world, psid, new Date()), referral });
}

export async function customerReacts(world: World, psid: string, mid: string, emoji: string): Promise<void> {
  const customer = customerOf(world.state, psid);
  const bubble = customer.bubbles.find((candidate) => candidate.mid === mid);
  if (!bubble) throw new Error(`no message ${mid} in the thread of ${psid}`);
  bubble.reactions.push(emoji);
  contacted(customer, new Date());
  world.changed();
  const reaction = { mid, action: 'react', emoji, reaction: reactionNames[emoji] ?? 'other' };
  await world.tell({ ...fromCustomer(world, psid, new Date()), reaction });
}

export async function customerReads(world: World, psid: string): Promise<void> {
  const customer = customerOf(world.state, psid);
  const received = customer.bubbles.filter((bubble) => bubble.from !== 'customer');
  for (const bubble of received) Object.assign(bubble, { delivered: true, read: true });
  world.changed();
  const watermark = received.at(-1)?.at.getTime();
  if (watermark !== undefined) await world.tell({ ...fromCustomer(world, psid, new Date()), read: { watermark } });
}

export async function inboxReplies(
  world: World,
  psid: string,
  text: string,
  options: { at?: Date } = {},
): Promise<string> {
  const customer = customerOf(world.state, psid);
  const bubble = { ...emptyBubble('inbox', options.at ?? new Date()), text };
  customer.bubbles.push(bubble);
  world.changed();
  await world.tell(echoOf(world, customer, bubble, inboxAppId));
  await confirmDelivery(world, customer, bubble);
  return bubble.mid;
}

function contacted(customer: Customer, at: Date): void {
  customer.lastContact = Math.max(customer.lastContact ?? 0, at.getTime());
  customer.seen = false;
}

const withReferral = (told: Json, referral: object): Json =>
  Object.fromEntries(Object.entries(told).map(([what, inner]) => [what, { ...(inner as Json), referral }]));

const emptyBubble = (from: StoredBubble['from'], at: Date): StoredBubble => ({
  mid: newMid(),
  from,
  at,
  attachments: [],
  delivered: false,
  read: false,
  reactions: [],
});

const repliesTo = (mid: string | undefined) => (mid === undefined ? {} : { replyTo: mid });

const fromCustomer = (world: World, psid: string, at: Date): Json => ({
  sender: { id: psid },
  recipient: { id: world.options.pageId },
  timestamp: at.getTime(),
});

/** The bubble on the phone. */
function shownAs(world: World, part: CustomerPart): { text?: string; attachments?: StoredAttachment[] } {
  switch (part.type) {
    case 'text':
      return { text: part.text };
    case 'postback':
      return { text: part.title };
    case 'sticker':
      return { attachments: [{ type: 'sticker', file: stickerFile(world) }] };
    case 'location':
      return { attachments: [{ type: 'location', name: part.title, url: mapUrl(part) }] };
    case 'link':
      return { attachments: [{ type: 'fallback', name: part.title, url: part.url }] };
    default: {
      const attachments = part.files.map((file) => ({ type: part.type, file: store(world.state, file) }));
      return { attachments, ...(part.text === undefined ? {} : { text: part.text }) };
    }
  }
}

const stickerFile = (world: World) =>
  store(world.state, { name: 'sticker.png', contentType: 'image/png', bytes: stickerPicture() });

const mapUrl = ({ latitude, longitude }: { latitude: number; longitude: number }): string =>
  `https://www.bing.com/maps/default.aspx?v=2&where1=${latitude}%2C${longitude}`;

/** What the webhook says of it. */
function toldAs(world: World, part: CustomerPart, bubble: StoredBubble): Json {
  const { mid } = bubble;
  if (part.type === 'postback') return { postback: { mid, title: part.title, payload: part.payload } };
  const quickReply = part.type === 'text' ? part.quickReply : undefined;
  const attachments = bubble.attachments.map((attachment) => toldAttachment(world, part, attachment));
  return {
    message: {
      mid,
      ...(bubble.text === undefined ? {} : { text: bubble.text }),
      ...(bubble.replyTo === undefined ? {} : { reply_to: { mid: bubble.replyTo } }),
      ...(quickReply === undefined ? {} : { quick_reply: { payload: quickReply } }),
      ...(attachments.length === 0 ? {} : { attachments }),
    },
  };
}

function toldAttachment(world: World, part: CustomerPart, attachment: StoredAttachment): Json {
  const { type, url, name, file } = attachment;
  if (part.type === 'location') {
    const coordinates = { lat: part.latitude, long: part.longitude };
    return { type, title: name, url, payload: { coordinates } };
  }
  if (part.type === 'sticker')
    return { type, payload: { url: linkTo(world, file!), sticker_id: Number(part.stickerId) } };
  return { type, payload: file ? { url: linkTo(world, file) } : { url, title: name } };
}
