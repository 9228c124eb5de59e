import express, { type Express, type Request } from 'express';
import { BotError, bad } from './bot-error.ts';
import { sendFile, sendMessage } from './send-methods.ts';
import { manage } from './setup-methods.ts';
import { bot, type Chat, type World } from './state.ts';

export type Parameters = Record<string, unknown>;
type Method = (world: World, parameters: Parameters, files: ReadonlyMap<string, File>) => unknown | Promise<unknown>;

/** Largest file a bot may fetch, bytes. */
const largestFetched = 20_000_000;

const methods: Readonly<Record<string, Method>> = {
  getMe: (world) => ({ ...bot(world), can_join_groups: true, can_read_all_group_messages: false }),
  sendMessage,
  sendPhoto: sendFile('photo', 10_000_000, ['image/']),
  sendAnimation: sendFile('animation', 50_000_000, ['image/gif', 'video/']),
  sendVideo: sendFile('video', 50_000_000, ['video/mp4']),
  sendAudio: sendFile('audio', 50_000_000, ['audio/']),
  sendVoice: sendFile('voice', 50_000_000, ['audio/ogg']),
  sendDocument: sendFile('document', 50_000_000, ['']),
  sendChatAction,
  answerCallbackQuery,
  getFile,
  leaveChat: ({ state, changed }, { chat_id }) => {
    if (!state.groups.delete(String(chat_id))) throw bad('chat not found');
    changed();
    return true;
  },
  ...manage,
};

/** The Bot API: every method under /bot{token}/, its files under /file/bot{token}/. */
export function serveBotApi(app: Express, world: World): void {
  const { botToken } = world.options;
  app.get(`/file/bot${botToken}/*path`, (request, response) => {
    if (world.state.tokenRevoked) throw new BotError(401, 'Unauthorized');
    const path = ([] as string[]).concat((request.params as unknown as { path: string[] }).path).join('/');
    const file = [...world.state.files.values()].find((each) => each.path === path);
    if (!file) throw new BotError(404, 'Not Found');
    response.status(200).set('content-type', 'application/octet-stream').send(file.bytes);
  });
  const bodies = [
    express.json({ limit: '1mb' }),
    express.urlencoded({ extended: false }),
    express.raw({ type: 'multipart/form-data', limit: '60mb' }),
  ];
  app.all('/bot:token/:method', ...bodies, async (request, response) => {
    const { token, method } = request.params as Record<string, string>;
    // A token that is none of its bots' is not found; one that was revoked is not authorized.
    if (token !== botToken) throw new BotError(/^\d+:/.test(token!) ? 401 : 404, 'Unauthorized');
    if (world.state.tokenRevoked) throw new BotError(401, 'Unauthorized');
    const { parameters, files } = await readRequest(request);
    response.json({ ok: true, result: await callMethod(world, method!, parameters, files) });
  });
  app.use(() => {
    throw new BotError(404, 'Not Found');
  });
}

export async function callMethod(
  world: World,
  name: string,
  parameters: Parameters,
  files: ReadonlyMap<string, File> = new Map(),
): Promise<unknown> {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (!method) throw new BotError(404, 'Not Found: method not found');
  return method(world, parameters, files);
}

/** JSON, a form or multipart; in the latter two, what is no text is JSON. */
async function readRequest(request: Request): Promise<{ parameters: Parameters; files: Map<string, File> }> {
  const files = new Map<string, File>();
  if (!Buffer.isBuffer(request.body)) return { parameters: (request.body ?? {}) as Parameters, files };
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  const form = await new Response(new Uint8Array(request.body), { headers }).formData().catch(() => {
    throw bad("can't parse multipart");
  });
  const parameters: Parameters = {};
  for (const [name, value] of form) {
    if (typeof value !== 'string') files.set(name, value);
    else parameters[name] = /^[{[]/.test(value) ? JSON.parse(value) : value;
  }
  return { parameters, files };
}

function sendChatAction({ state, changed }: World, { chat_id, action }: Parameters): true {
  const chat = state.chats.get(String(chat_id));
  if (!chat) throw bad('chat not found');
  if (action !== 'typing') throw bad('wrong parameter action in request');
  chat.typingUntil = Date.now() + 5_000;
  changed();
  return true;
}

function answerCallbackQuery({ state, changed }: World, { callback_query_id }: Parameters): true {
  const waits = ({ waitingTaps }: Chat) => waitingTaps.includes(String(callback_query_id));
  const chat = [...state.chats.values()].find(waits);
  if (!chat) throw bad('query is too old and response timeout expired or query ID is invalid');
  chat.waitingTaps = chat.waitingTaps.filter((id) => id !== callback_query_id);
  changed();
  return true;
}

function getFile({ state }: World, { file_id }: Parameters) {
  const file = state.files.get(String(file_id));
  if (!file) throw bad('wrong file_id or the file is temporarily unavailable');
  if (file.bytes.length > largestFetched) throw bad('file is too big');
  return { file_id: file.id, file_unique_id: file.uniqueId, file_size: file.bytes.length, file_path: file.path };
}
