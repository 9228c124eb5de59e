import type { MessengerSimulatorOptions } from '../contract.ts';
import { GraphError, invalid } from '../messenger/graph-error.ts';
import { type Customer, type StoredAttachment, type StoredFile, store } from '../messenger/state.ts';
import { checkTemplate } from '../messenger/template-rules.ts';
import type { InstagramWorld } from './world.ts';

type Json = Record<string, unknown>;

const hour = 3_600_000;
const window = 24 * hour;
const humanAgentWindow = 7 * 24 * hour;
const longestTextBytes = 1000;
const quickReplies = { most: 13, titleLength: 20 };

/** What is shown of each kind, and how large it may be. */
const shown: Readonly<Record<string, { types: RegExp; bytes: number }>> = {
  image: { types: /^image\/(?:png|jpeg)$/, bytes: 8 * 1024 * 1024 },
  audio: { types: /^audio\/(?:aac|(?:x-)?m4a|mp4|(?:x-)?wav)$/, bytes: 25 * 1024 * 1024 },
  video: { types: /^video\/(?:mp4|ogg|x-msvideo|quicktime|webm)$/, bytes: 25 * 1024 * 1024 },
  file: { types: /^application\/pdf$/, bytes: 25 * 1024 * 1024 },
};

const outsideWindow = (): GraphError =>
  new GraphError('(#10) This message is sent outside of allowed window.', 10, 2534022);

/** Whether the account may write to this customer now. Returns the tag used. */
export function checkRight(options: MessengerSimulatorOptions, customer: Customer, request: Json): string | undefined {
  const type = request['messaging_type'] ?? 'RESPONSE';
  if (!['RESPONSE', 'MESSAGE_TAG'].includes(String(type))) throw invalid('Param messaging_type is not supported');
  const silence = Date.now() - (customer.lastContact ?? 0);
  if (type !== 'MESSAGE_TAG') {
    if (silence > window) throw outsideWindow();
    return undefined;
  }
  if (request['tag'] !== 'HUMAN_AGENT') throw invalid('Param tag must be one of {HUMAN_AGENT}');
  if (!options.humanAgent) throw invalid('The app has not been granted the feature Human Agent');
  if (silence > humanAgentWindow) throw outsideWindow();
  return 'HUMAN_AGENT';
}

const known = ['text', 'attachment', 'quick_replies'];

/** Exactly one of text and attachment, each within Instagram's limits, and nothing it does not know. */
export async function checkContent(
  world: InstagramWorld,
  message: Json,
): Promise<{ text?: string; attachments: StoredAttachment[]; choices?: string[] }> {
  const stranger = Object.keys(message).find((key) => !known.includes(key));
  if (stranger !== undefined) throw invalid(`Invalid keys "${stranger}" were found in param "message".`);
  const { text, attachment } = message;
  if ((text === undefined) === (attachment === undefined))
    throw invalid('Param message must have exactly one of text and attachment');
  if ((attachment as Json | undefined)?.['type'] === 'template') {
    const shown = checkTemplate(((attachment as Json)['payload'] ?? {}) as Json, undefined);
    return { text: shown.text, attachments: [{ type: 'template', name: shown.name }], choices: shown.choices };
  }
  if (attachment !== undefined) return { attachments: [await attachmentOf(world, attachment)] };
  if (typeof text !== 'string' || text.trim() === '') throw invalid('Param message[text] must be a non-empty string');
  if (Buffer.byteLength(text) > longestTextBytes)
    throw invalid(`Length of param message[text] must be less than or equal to ${longestTextBytes}`, 2534038);
  checkQuickReplies(message['quick_replies']);
  return { text, attachments: [] };
}

function checkQuickReplies(replies: unknown): void {
  if (replies === undefined) return;
  if (!Array.isArray(replies) || replies.length === 0 || replies.length > quickReplies.most)
    throw invalid(`Param message[quick_replies] must have 1 to ${quickReplies.most} elements`);
  for (const { content_type: type, title, payload } of replies as Json[]) {
    if (type !== 'text') throw invalid('Param content_type must be one of {TEXT}');
    if (typeof title !== 'string' || title === '' || title.length > quickReplies.titleLength)
      throw invalid(`Length of param title must be less than or equal to ${quickReplies.titleLength}`);
    if (typeof payload !== 'string' || payload === '') throw invalid('Param payload must be a non-empty string');
  }
}

async function attachmentOf(world: InstagramWorld, json: unknown): Promise<StoredAttachment> {
  const { type, payload } = (json ?? {}) as { type?: unknown; payload?: Json };
  const kind = String(type);
  if (!Object.hasOwn(shown, kind)) throw invalid('Param message[attachment][type] is not supported');
  if (typeof payload?.['url'] === 'string') return { type: kind, file: await fetched(world, kind, payload['url']) };
  const upload = world.state.uploads.get(String(payload?.['attachment_id']));
  if (!upload) throw invalid('The attachment id is not valid', 2018074);
  if (upload.type !== kind) throw invalid('The attachment was uploaded as another type', 2018047);
  return { type: kind, file: upload.file };
}

/** Meta fetches the file before it answers. */
async function fetched(world: InstagramWorld, kind: string, url: string): Promise<StoredFile> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  if (!answer?.ok) throw invalid('Upload attachment failure.', 2018008);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const contentType = (answer.headers.get('content-type') ?? '').split(';', 1)[0]!.trim();
  const { types, bytes: most } = shown[kind]!;
  if (!types.test(contentType)) throw invalid('The file is not of a type that is supported', 2018047);
  if (bytes.length > most) throw invalid('The file is too large', 2018109);
  return store(world.state, { name: decodeURIComponent(new URL(url).pathname.split('/').at(-1)!), contentType, bytes });
}
