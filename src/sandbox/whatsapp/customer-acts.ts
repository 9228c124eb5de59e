import { createHash } from 'node:crypto';
import type { CustomerPart, SandboxFile } from '../contract.ts';
import { stickerPicture } from '../messenger/avatar.ts';
import type { Json } from './json.ts';
import { tellStatus } from './send-api.ts';
import {
  type Customer,
  customerOf,
  newMessageId,
  type StoredBubble,
  type StoredFile,
  store,
  type World,
} from './state.ts';
import { contactOf, seconds, senderOf } from './webhook-body.ts';

/** An inbound file can be fetched for seven days. */
const fileDays = 7;

/** One message for each file; the words go under the first one that can have any. Returns the last one's id. */
export async function customerSends(
  world: World,
  user: string,
  part: CustomerPart,
  options: { replyTo?: string; at?: Date } = {},
): Promise<string> {
  const said =
    'files' in part
      ? part.files.map((file, i) => fileMessage(world, part, file, i))
      : [plainMessage(world, user, part)];
  let id = '';
  for (const { shown, told } of said) id = await say(world, user, shown, told, options);
  return id;
}

interface Said {
  shown: Partial<StoredBubble>;
  told: Json;
}

async function say(
  world: World,
  user: string,
  shown: Said['shown'],
  told: Json,
  options: { replyTo?: string; at?: Date },
) {
  const customer = customerOf(world.state, user);
  const bubble = { ...emptyBubble('customer', options.at ?? new Date()), ...shown };
  if (options.replyTo !== undefined) bubble.replyTo = options.replyTo;
  customer.bubbles.push(bubble);
  contacted(customer, bubble.at);
  world.changed();
  const context =
    options.replyTo === undefined ? {} : { context: { from: world.options.displayNumber, id: options.replyTo } };
  await tellMessage(world, customer, { id: bubble.mid, timestamp: seconds(bubble.at), ...context, ...told });
  return bubble.mid;
}

const tellMessage = (world: World, customer: Customer, message: Json): Promise<void> =>
  world.tell('messages', { contacts: [contactOf(customer)], messages: [{ ...senderOf(customer), ...message }] });

function contacted(customer: Customer, at: Date): void {
  customer.lastContact = Math.max(customer.lastContact ?? 0, at.getTime());
  customer.seen = false;
}

const emptyBubble = (from: StoredBubble['from'], at: Date): StoredBubble => ({
  mid: newMessageId(),
  from,
  at,
  attachments: [],
  delivered: false,
  read: false,
  reactions: [],
});

type FilePart = Extract<CustomerPart, { files: SandboxFile[] }>;

function fileMessage(world: World, part: FilePart, file: SandboxFile, index: number): Said {
  const stored = store(world.state, file, fileDays);
  const type = part.type === 'file' ? 'document' : part.type;
  const caption = index === 0 && part.type !== 'audio' ? part.text : undefined;
  const content = {
    ...toldFile(stored),
    ...(type === 'document' ? { filename: file.name } : {}),
    ...(type === 'audio' ? { voice: true } : {}),
    ...(caption === undefined ? {} : { caption }),
  };
  return {
    shown: { attachments: [{ type: part.type, file: stored }], ...(caption === undefined ? {} : { text: caption }) },
    told: { type, [type]: content },
  };
}

const toldFile = ({ id, contentType, bytes }: StoredFile): Json => ({
  id,
  mime_type: contentType,
  sha256: createHash('sha256').update(bytes).digest('base64'),
});

function plainMessage(world: World, user: string, part: Exclude<CustomerPart, FilePart>): Said {
  switch (part.type) {
    case 'text':
      return part.quickReply === undefined
        ? { shown: { text: part.text }, told: { type: 'text', text: { body: part.text } } }
        : tapped(part.text, part.quickReply);
    case 'postback':
      return templateButton(world, user, part);
    case 'link':
      return text(`${part.title} ${part.url}`);
    case 'location':
      return place(part);
    case 'sticker':
      return sticker(world);
    default:
      return part satisfies never;
  }
}

const text = (body: string): Said => ({ shown: { text: body }, told: { type: 'text', text: { body } } });

const tapped = (title: string, id: string): Said => ({
  shown: { text: title },
  told: { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id, title } } },
});

/** The quick reply of a template the business sent. */
function templateButton(world: World, user: string, { title, payload }: { title: string; payload: string }): Said {
  const last = customerOf(world.state, user).bubbles.findLast(({ from }) => from === 'page');
  const context = last ? { context: { from: world.options.displayNumber, id: last.mid } } : {};
  return { shown: { text: title }, told: { ...context, type: 'button', button: { text: title, payload } } };
}

function place({ latitude, longitude, title }: { latitude: number; longitude: number; title: string }): Said {
  const url = `https://maps.google.com/?q=${latitude},${longitude}`;
  return {
    shown: { attachments: [{ type: 'location', name: title, url }] },
    told: { type: 'location', location: { latitude, longitude, name: title } },
  };
}

function sticker(world: World): Said {
  const file = store(world.state, { name: 'sticker.png', contentType: 'image/png', bytes: stickerPicture() }, fileDays);
  return {
    shown: { attachments: [{ type: 'sticker', file }] },
    told: { type: 'sticker', sticker: { ...toldFile(file), animated: false } },
  };
}

export async function customerReads(world: World, user: string): Promise<void> {
  const customer = customerOf(world.state, user);
  const unread = customer.bubbles.filter(({ from, read }) => from !== 'customer' && !read);
  for (const bubble of unread) Object.assign(bubble, { delivered: true, read: true });
  world.changed();
  for (const bubble of unread) if (bubble.from === 'page') await tellStatus(world, customer, bubble, 'read');
}

export async function customerReacts(world: World, user: string, mid: string, emoji: string): Promise<void> {
  const customer = customerOf(world.state, user);
  const bubble = customer.bubbles.find((candidate) => candidate.mid === mid);
  if (!bubble) throw new Error(`no message ${mid} in the thread of ${user}`);
  bubble.reactions.push(emoji);
  contacted(customer, new Date());
  world.changed();
  const reaction = { message_id: mid, emoji };
  await tellMessage(world, customer, {
    id: newMessageId(),
    timestamp: seconds(new Date()),
    type: 'reaction',
    reaction,
  });
}

/** Told where the number is also in the WhatsApp Business app. */
export async function customerUnsends(world: World, user: string, mid: string): Promise<void> {
  const customer = customerOf(world.state, user);
  customer.bubbles = customer.bubbles.filter((bubble) => bubble.mid !== mid);
  world.changed();
  const revoke = { original_message_id: mid };
  await tellMessage(world, customer, { id: newMessageId(), timestamp: seconds(new Date()), type: 'revoke', revoke });
}

/** The customer takes another number; WhatsApp tells it without contacts. */
export async function customerChangesNumber(world: World, user: string, next: string): Promise<void> {
  const customer = customerOf(world.state, user);
  world.state.customers.delete(user);
  world.state.customers.set(next, customer);
  customer.waId = next;
  world.changed();
  const system = { body: `${customer.name} changed from ${user} to ${next}`, wa_id: next, type: 'user_changed_number' };
  const message = { from: user, id: newMessageId(), timestamp: seconds(new Date()), type: 'system', system };
  await world.tell('messages', { messages: [message] });
}

/** Somebody answers in the WhatsApp Business app. */
export async function inboxReplies(world: World, user: string, words: string): Promise<string> {
  const customer = customerOf(world.state, user);
  const bubble = { ...emptyBubble('inbox', new Date()), text: words };
  customer.bubbles.push(bubble);
  world.changed();
  const echo = {
    from: world.options.displayNumber,
    to: customer.waId,
    id: bubble.mid,
    timestamp: seconds(bubble.at),
    type: 'text',
    text: { body: words },
  };
  await world.tell('smb_message_echoes', { message_echoes: [echo] });
  return bubble.mid;
}
