import { bad, forbidden } from './bot-error.ts';
import { type Chat, messageView, type StoredMessage, store, type World } from './state.ts';

type Parameters = Record<string, unknown>;

const longestText = 4096;
const mostButtons = 100;

/** POST sendMessage: to a customer, or a word in a group. */
export function sendMessage(world: World, parameters: Parameters): unknown {
  const { chat_id, text } = parameters;
  if (typeof text !== 'string' || text.trim() === '') throw bad('message text is empty');
  if (text.length > longestText) throw bad('message is too long');
  const said = world.state.groups.get(String(chat_id));
  if (said) return sayIn(world, String(chat_id), said, text);
  const chat = reachable(world, chat_id);
  return add(world, chat, { text, ...repliesTo(chat, parameters), ...markupOf(parameters['reply_markup']) });
}

function sayIn(world: World, id: string, said: string[], text: string): unknown {
  said.push(text);
  world.changed();
  const chat = { id: Number(id), type: 'group', title: 'Group' };
  return { message_id: world.state.nextMessage++, date: Math.floor(Date.now() / 1000), chat, text };
}

/** A method that sends a file of some kinds, as multipart. */
export const sendFile =
  (field: string, largest: number, kinds: readonly string[]) =>
  async (world: World, parameters: Parameters, files: ReadonlyMap<string, File>): Promise<unknown> => {
    const chat = reachable(world, parameters['chat_id']);
    const file = files.get(field);
    if (!file) throw bad(`there is no ${field} in the request`);
    if (file.size === 0) throw bad('file must be non-empty');
    if (file.size > largest) throw bad(`file is too big`);
    if (!kinds.some((kind) => file.type.startsWith(kind))) throw bad('IMAGE_PROCESS_FAILED');
    const bytes = Buffer.from(await file.arrayBuffer());
    const stored = store(world.state, { name: file.name, contentType: file.type, bytes });
    return add(world, chat, { fileKey: field, file: stored, ...repliesTo(chat, parameters) });
  };

/** A chat the bot may write to: the customer started it and did not block the bot. */
function reachable(world: World, id: unknown): Chat {
  const chat = world.state.chats.get(String(id));
  if (!chat) throw bad('chat not found');
  if (!chat.started) throw forbidden("bot can't initiate conversation with a user");
  if (chat.blocked) throw forbidden('bot was blocked by the user');
  return chat;
}

function add(world: World, chat: Chat, content: Partial<StoredMessage>): unknown {
  const message: StoredMessage = { id: world.state.nextMessage++, from: 'bot', at: new Date(), ...content };
  chat.messages.push(message);
  chat.typingUntil = 0;
  world.changed();
  return messageView(world, chat, message);
}

function repliesTo(chat: Chat, { reply_parameters }: Parameters): { replyTo?: number } {
  const { message_id, allow_sending_without_reply } = (reply_parameters ?? {}) as Parameters;
  if (message_id === undefined) return {};
  if (chat.messages.some(({ id }) => id === message_id)) return { replyTo: message_id as number };
  if (allow_sending_without_reply === true) return {};
  throw bad('message to be replied not found');
}

function markupOf(markup: unknown): { replyMarkup?: unknown } {
  if (markup === undefined) return {};
  const rows = (markup as Parameters)['inline_keyboard'];
  if (!Array.isArray(rows) || !rows.every(Array.isArray)) throw bad("can't parse inline keyboard");
  const buttons = rows.flat() as Parameters[];
  if (buttons.length > mostButtons) throw bad('reply markup is too long');
  for (const button of buttons) checkButton(button);
  return { replyMarkup: markup };
}

function checkButton({ text, callback_data, url }: Parameters): void {
  if (typeof text !== 'string' || text === '') throw bad('text buttons are unallowed in the inline keyboard');
  if ((callback_data === undefined) === (url === undefined)) throw bad('BUTTON_TYPE_INVALID');
  const size = Buffer.byteLength(String(callback_data ?? ''));
  if (callback_data !== undefined && (size < 1 || size > 64)) throw bad('BUTTON_DATA_INVALID');
  if (url !== undefined && !URL.canParse(String(url))) throw bad('BUTTON_URL_INVALID');
}
