import { randomBytes } from 'node:crypto';
import type { Bubble } from '../contract.ts';

export interface TelegramSimulatorOptions {
  botToken: string;
  /** What the webhook is set with, as if `setWebhook` had been called. */
  secretToken: string;
  /** Absent: all but reactions come. */
  allowedUpdates?: string[];
  port?: number;
}

export interface StoredFile {
  /** Changes with every message; `uniqueId` does not. */
  id: string;
  uniqueId: string;
  path: string;
  name: string;
  contentType: string;
  bytes: Buffer;
}

export interface StoredMessage {
  id: number;
  from: 'customer' | 'bot';
  at: Date;
  text?: string;
  /** The kind of the file, as the key of the message that holds it. */
  fileKey?: string;
  file?: StoredFile;
  /** A place's name, as the phone shows it. */
  place?: string;
  /** What else the message holds, by key. */
  extra?: Record<string, unknown>;
  reactions?: string[];
  replyTo?: number;
  replyMarkup?: unknown;
}

export interface Chat {
  user: string;
  name: string;
  locale: string;
  started: boolean;
  blocked: boolean;
  typingUntil: number;
  messages: StoredMessage[];
  /** Callback queries that were not answered yet. */
  waitingTaps: string[];
}

export interface State {
  chats: Map<string, Chat>;
  files: Map<string, StoredFile>;
  /** Groups the bot is in, by their id, and what it said there. */
  groups: Map<string, string[]>;
  webhook: { url: string; secretToken: string; allowedUpdates: string[]; lastError?: { at: Date; message: string } };
  commands: { command: string; description: string }[];
  tokenRevoked: boolean;
  nextUpdate: number;
  nextMessage: number;
}

/** What the parts of the simulator share. */
export interface World {
  options: TelegramSimulatorOptions;
  state: State;
  changed(): void;
  /** Sends an update to the webhook; resolves once the first attempt was answered or given up. */
  tell(update: Record<string, unknown>): Promise<void>;
}

export const freshState = ({ secretToken, allowedUpdates = [] }: TelegramSimulatorOptions, url = ''): State => ({
  chats: new Map(),
  files: new Map(),
  groups: new Map(),
  webhook: { url, secretToken, allowedUpdates },
  commands: [],
  tokenRevoked: false,
  nextUpdate: 8_801,
  nextMessage: 51,
});

export const botId = ({ botToken }: TelegramSimulatorOptions): number => Number(botToken.split(':', 1)[0]);

export function chatOf(state: State, user: string): Chat {
  const chat = state.chats.get(user);
  if (!chat) throw new Error(`no customer ${user} in the Telegram simulator`);
  return chat;
}

export function store(state: State, file: { name: string; contentType: string; bytes: Buffer }): StoredFile {
  const uniqueId = randomBytes(8).toString('base64url');
  const ending = /\.[a-z0-9]{1,5}$/i.exec(file.name)?.[0] ?? '';
  const path = `documents/file_${state.files.size + 1}${ending}`;
  const stored = { ...file, id: randomBytes(36).toString('base64url'), uniqueId, path };
  state.files.set(stored.id, stored);
  return stored;
}

/** As the Bot API shows a message (the type `Message`). */
export function messageView(world: World, chat: Chat, message: StoredMessage): Record<string, unknown> {
  const customer = person(chat);
  return {
    message_id: message.id,
    from: message.from === 'customer' ? customer : bot(world),
    chat: { id: Number(chat.user), type: 'private', first_name: customer.first_name },
    date: Math.floor(message.at.getTime() / 1000),
    ...(message.replyTo === undefined ? {} : { reply_to_message: repliedTo(world, chat, message.replyTo) }),
    ...(message.text === undefined ? {} : { [message.file ? 'caption' : 'text']: message.text }),
    ...(message.file ? { [message.fileKey!]: fileView(message.fileKey!, message.file) } : {}),
    ...message.extra,
    ...(message.replyMarkup === undefined ? {} : { reply_markup: message.replyMarkup }),
  };
}

function repliedTo(world: World, chat: Chat, id: number): Record<string, unknown> | undefined {
  const replied = chat.messages.find((message) => message.id === id);
  return replied && messageView(world, chat, { ...replied, replyTo: undefined } as never);
}

export function person({ user, name, locale }: Chat) {
  const [first = '', ...rest] = name.split(' ');
  const last = rest.length === 0 ? {} : { last_name: rest.join(' ') };
  return { id: Number(user), is_bot: false, first_name: first, ...last, language_code: locale };
}

export const bot = ({ options }: World) => ({
  id: botId(options),
  is_bot: true,
  first_name: 'Acme',
  username: 'acme_bot',
});

function fileView(key: string, file: StoredFile): unknown {
  const view = { file_id: file.id, file_unique_id: file.uniqueId, file_size: file.bytes.length };
  if (key === 'photo')
    return [
      { ...view, file_id: `${file.id}s`, width: 90, height: 90 },
      { ...view, width: 800, height: 800 },
    ];
  if (key === 'sticker') return { ...view, type: 'regular', width: 512, height: 512, emoji: '🙂' };
  return { ...view, file_name: file.name, mime_type: file.contentType };
}

function attachmentsOf({ file, fileKey, place }: StoredMessage): Bubble['attachments'] {
  if (place !== undefined) return [{ type: 'location', name: place }];
  if (file === undefined) return [];
  return [{ type: fileKey!, name: file.name, contentType: file.contentType, bytes: file.bytes.length }];
}

export const bubbleOf = (chat: Chat, message: StoredMessage): Bubble => ({
  mid: `${chat.user}:${message.id}`,
  from: message.from === 'customer' ? 'customer' : 'page',
  at: message.at,
  ...(message.text === undefined ? {} : { text: message.text }),
  attachments: attachmentsOf(message),
  ...(message.replyTo === undefined ? {} : { replyTo: `${chat.user}:${message.replyTo}` }),
  delivered: message.from === 'bot',
  read: false,
  reactions: message.reactions ?? [],
});
