import { randomBytes } from 'node:crypto';
import type { CustomerPart, SandboxFile } from '../contract.ts';
import { type Chat, chatOf, messageView, person, type StoredMessage, store, type World } from './state.ts';

type Options = { replyTo?: string; at?: Date };

/** The customer writes; several files are an album, which is one update for each. Returns the id of the first. */
export async function customerSends(
  world: World,
  user: string,
  part: CustomerPart,
  options: Options = {},
): Promise<string> {
  const chat = chatOf(world.state, user);
  chat.started = true;
  if (part.type === 'postback') return tap(world, chat, part);
  const messages = contentsOf(world, part).map((content) => add(world, chat, content, options));
  world.changed();
  for (const message of messages) await tellUpdate(world, { message: messageView(world, chat, message) });
  return `${user}:${messages[0]!.id}`;
}

function add(world: World, chat: Chat, content: Partial<StoredMessage>, { replyTo, at }: Options): StoredMessage {
  const replied = replyTo === undefined ? {} : { replyTo: Number(replyTo.split(':')[1]) };
  const id = world.state.nextMessage++;
  const message: StoredMessage = { id, from: 'customer', at: at ?? new Date(), ...replied, ...content };
  chat.messages.push(message);
  return message;
}

export async function tellUpdate(world: World, update: Record<string, unknown>): Promise<void> {
  const { allowedUpdates } = world.state.webhook;
  const [kind = ''] = Object.keys(update);
  // Reactions come only where they are asked for.
  const wanted = allowedUpdates.length === 0 ? kind !== 'message_reaction' : allowedUpdates.includes(kind);
  if (wanted) await world.tell({ update_id: world.state.nextUpdate++, ...update });
}

function contentsOf(world: World, part: Exclude<CustomerPart, { type: 'postback' }>): Partial<StoredMessage>[] {
  switch (part.type) {
    case 'text':
      return [{ text: part.text }];
    case 'link':
      return [{ text: `${part.title} ${part.url}` }];
    case 'sticker':
      return [{ fileKey: 'sticker', file: store(world.state, stickerFile) }];
    case 'location': {
      const location = { latitude: part.latitude, longitude: part.longitude };
      return [{ place: part.title, extra: { location, venue: { location, title: part.title, address: '' } } }];
    }
    default:
      return albumOf(world, part);
  }
}

/** A yellow face. */
const stickerFile: SandboxFile = {
  name: 'sticker.webp',
  contentType: 'image/webp',
  bytes: Buffer.from(
    [
      'UklGRnIBAABXRUJQVlA4IGYBAABQCgCdASowADAAPw1wrlAsJqQirjgOYYAhiWwAsSVBVv5ICbISdu9dwG89fteRwqCx/1vbuDLGrpzuf/0kWC',
      '9ULdrjGZVbVLXUuJJSdh0GQIJF2H3u/tVTdx4AAP7348jqt9TmrGI+8+KELErv1f/4INn4e5hx75mXFlcYhbnKkZYnerVltsQf4OknW7b3v8HN',
      '/qBkvbr76ve2jo1y5ZgUDuHx/gb9vncibESy1tUdPjagYkJ+iABsuwkrmq4c4isXYZlvTcW6Ewd6hUomugS47NQfdsy2iRoF9YtyJ1zP/C/C5W',
      'E/Q561dabS96BJiCI3jvQbQCNje+W3H7xDiZ6W5IwHOOBT4q81oOGbU4oq00F8x+LalntRX5wr6Jo5DA6id/1+YJNIvkeVs/1g1zMMiJkqPXot',
      'zBJEkEmHB+sNXI9gmK+p/HIZ1NljiSv4XAhtUV/+77923ELOBmhUur+CunrCKcAA',
    ].join(''),
    'base64',
  ),
};
const fileKeys = { image: 'photo', video: 'video', audio: 'voice', file: 'document' } as const;

function albumOf(world: World, part: Extract<CustomerPart, { files: SandboxFile[] }>): Partial<StoredMessage>[] {
  const album = part.files.length > 1 ? { extra: { media_group_id: randomBytes(6).toString('hex') } } : {};
  return part.files.map((file, index) => ({
    fileKey: fileKeys[part.type],
    file: store(world.state, file),
    ...(index === 0 && part.text !== undefined ? { text: part.text } : {}),
    ...album,
  }));
}

/** Taps a button under the newest message of the bot that has it, or under one that is no longer there. */
async function tap(world: World, chat: Chat, { title, payload }: { title: string; payload: string }): Promise<string> {
  const id = String(BigInt(`0x${randomBytes(7).toString('hex')}`));
  chat.waitingTaps.push(id);
  world.changed();
  const shown = chat.messages.findLast(({ from, replyMarkup }) => from === 'bot' && replyMarkup !== undefined);
  const keyboard = { inline_keyboard: [[{ text: title, callback_data: payload }]] };
  const under: StoredMessage = shown ?? { id: 1, from: 'bot', at: new Date(), text: 'Choose', replyMarkup: keyboard };
  const message = messageView(world, chat, under);
  await tellUpdate(world, {
    callback_query: { id, from: person(chat), message, chat_instance: '1', data: payload },
  });
  return id;
}

/** The customer edits a message of theirs. */
export async function customerEdits(world: World, user: string, mid: string, text: string): Promise<void> {
  const chat = chatOf(world.state, user);
  const message = chat.messages.find(({ id }) => `${user}:${id}` === mid);
  if (!message) throw new Error(`no message ${mid} in the chat of ${user}`);
  message.text = text;
  world.changed();
  const edited = { ...messageView(world, chat, message), edit_date: Math.floor(Date.now() / 1000) };
  await tellUpdate(world, { edited_message: edited });
}

export async function customerReacts(world: World, user: string, mid: string, emoji: string): Promise<void> {
  const chat = chatOf(world.state, user);
  const id = Number(mid.split(':')[1]);
  const message = chat.messages.find((each) => each.id === id);
  if (message) message.reactions = [emoji];
  world.changed();
  await tellUpdate(world, {
    message_reaction: {
      chat: { id: Number(user), type: 'private' },
      message_id: id,
      user: person(chat),
      date: Math.floor(Date.now() / 1000),
      old_reaction: [],
      new_reaction: [{ type: 'emoji', emoji }],
    },
  });
}

export async function block(world: World, user: string, blocked: boolean): Promise<void> {
  const chat = chatOf(world.state, user);
  chat.blocked = blocked;
  world.changed();
  await tellUpdate(world, {
    my_chat_member: {
      chat: { id: Number(user), type: 'private' },
      from: person(chat),
      date: Math.floor(Date.now() / 1000),
      old_chat_member: { status: blocked ? 'member' : 'kicked' },
      new_chat_member: { status: blocked ? 'kicked' : 'member' },
    },
  });
}

/** Somebody adds the bot to a group and says something there. */
export async function addToGroup(world: World, group: string, user: string, text: string): Promise<void> {
  world.state.groups.set(group, []);
  const from = person(chatOf(world.state, user));
  const chat = { id: Number(group), type: 'group', title: 'Group' };
  const date = Math.floor(Date.now() / 1000);
  await tellUpdate(world, {
    my_chat_member: { chat, from, date, old_chat_member: { status: 'left' }, new_chat_member: { status: 'member' } },
  });
  await tellUpdate(world, { message: { message_id: world.state.nextMessage++, from, chat, date, text } });
}
