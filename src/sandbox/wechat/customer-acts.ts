import type { Bubble, CustomerPart } from '../contract.ts';
import { type Customer, customerOf, type Json, keep, newMessageId, type World } from './state.ts';

const minute = 60_000;
const hour = 60 * minute;

/** "Customer service messages": what the customer's acts let the account write. */
const wordsOpen = { ms: 48 * hour, messages: 5 };
const actOpens = { ms: minute, messages: 3 };

type Options = { replyTo?: string; at?: Date };

/** The customer writes. Each file is a message of its own, a text beside them too. Returns the first one's id. */
export async function customerSends(
  world: World,
  user: string,
  part: CustomerPart,
  options: Options = {},
): Promise<string> {
  const customer = customerOf(world.state, user);
  const at = options.at ?? new Date();
  if (part.type === 'postback') return tapsMenu(world, user, part.payload, at, part.title);
  customer.windows.words = { until: at.getTime() + wordsOpen.ms, left: wordsOpen.messages };
  const messages = messagesOf(world, part).map(({ fields, bubble }) => {
    const id = newMessageId();
    customer.bubbles.push({ ...said(id, at), ...bubble });
    return { ...header(world, customer, at), ...fields, MsgId: id };
  });
  world.changed();
  for (const fields of messages) await world.tell(fields);
  return messages[0]!.MsgId;
}

/** Taps an entry of the account's menu. Events have no id: WeChat tells them apart by person and second. */
export async function tapsMenu(world: World, user: string, key: string, at = new Date(), title = key): Promise<string> {
  const customer = customerOf(world.state, user);
  const id = `${user}:${at.getTime()}`;
  customer.bubbles.push({ ...said(id, at), text: title });
  await acts(world, customer, at, { Event: 'CLICK', EventKey: key });
  return id;
}

export async function follows(world: World, user: string, follows: boolean, scene = ''): Promise<void> {
  const customer = customerOf(world.state, user);
  customer.follows = follows;
  if (!follows) customer.windows = {};
  const event = follows
    ? { Event: 'subscribe', EventKey: scene && `qrscene_${scene}` }
    : { Event: 'unsubscribe', EventKey: '' };
  await acts(world, customer, new Date(), event);
}

/** Scans the code that a page shows under this address, and follows if they did not; a code past its time says nothing. */
export async function customerOpens(world: World, user: string, url: string): Promise<void> {
  const ticket = new URL(url).searchParams.get('ticket') ?? '';
  const code = world.state.codes.get(ticket);
  if (!code || code.until <= Date.now()) return;
  const customer = customerOf(world.state, user);
  if (!customer.follows) return follows(world, user, true, code.scene);
  await acts(world, customer, new Date(), { Event: 'SCAN', EventKey: code.scene, Ticket: ticket });
}

async function acts(world: World, customer: Customer, at: Date, event: Json): Promise<void> {
  if (customer.follows) customer.windows.act = { until: at.getTime() + actOpens.ms, left: actOpens.messages };
  world.changed();
  await world.tell({ ...header(world, customer, at), MsgType: 'event', ...event });
}

export const header = ({ options }: World, { user }: Customer, at: Date): Json => ({
  ToUserName: options.originalId,
  FromUserName: user,
  CreateTime: Math.floor(at.getTime() / 1000),
});

const said = (mid: string, at: Date): Bubble => ({
  mid,
  from: 'customer',
  at,
  attachments: [],
  delivered: true,
  read: false,
  reactions: [],
});

interface Said {
  fields: Json;
  bubble: Partial<Bubble>;
}

/** What a phone can send to an account; no documents and no stickers. */
function messagesOf(world: World, part: Exclude<CustomerPart, { type: 'postback' }>): Said[] {
  switch (part.type) {
    case 'text':
      return [textMessage(part.text, part.quickReply)];
    case 'location':
      return [placeMessage(part)];
    case 'link':
      return [linkMessage(part)];
    case 'sticker':
      throw new Error('WeChat customers cannot send stickers to an account');
    default:
      return [
        ...part.files.map((file) => fileMessage(world, part.type, file)),
        ...(part.text === undefined ? [] : [textMessage(part.text)]),
      ];
  }
}

const textMessage = (text: string, tapped?: string): Said => ({
  fields: { MsgType: 'text', Content: text, ...(tapped === undefined ? {} : { bizmsgmenuid: tapped }) },
  bubble: { text },
});

function placeMessage({ latitude, longitude, title }: Extract<CustomerPart, { type: 'location' }>): Said {
  const fields = { MsgType: 'location', Location_X: latitude, Location_Y: longitude, Scale: 15, Label: title };
  return { fields, bubble: { attachments: [{ type: 'location', name: title }] } };
}

function linkMessage({ url, title }: Extract<CustomerPart, { type: 'link' }>): Said {
  const fields = { MsgType: 'link', Title: title, Description: '', Url: url };
  return { fields, bubble: { attachments: [{ type: 'link', url, name: title }] } };
}

type FileType = FilesPart['type'];

const kinds = { image: 'image', audio: 'voice', video: 'video' } as const;

const kindOf = (type: FileType) => {
  if (type === 'file') throw new Error('WeChat customers cannot send documents to an account');
  return kinds[type];
};

type FilesPart = Extract<CustomerPart, { files: unknown }>;

function fileMessage(world: World, type: FileType, file: FilesPart['files'][number]): Said {
  const kind = kindOf(type);
  const id = keep(world.state, kind, file);
  const more = {
    image: { PicUrl: pictureUrl(world, id) },
    voice: { Format: 'amr' },
    video: { ThumbMediaId: keep(world.state, 'thumb', file) },
  }[kind];
  const attachment = { type, url: pictureUrl(world, id), name: file.name, contentType: file.contentType };
  return {
    fields: { MsgType: kind, MediaId: id, ...more },
    bubble: { attachments: [{ ...attachment, bytes: file.bytes.length }] },
  };
}

/** Needs no token. */
export const pictureUrl = ({ url }: World, id: string): string => `${url}/shown/${id}`;
