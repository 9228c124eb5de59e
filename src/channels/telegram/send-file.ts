import FormData from 'form-data';
import type { Tools } from '../../kit/tools.ts';
import type { OutgoingBody, SendResult } from '../channel.ts';
import type { TelegramAccount } from './account.ts';
import { type BotAnswer, callBot, type Encoded } from './client.ts';
import { largestPhoto, limits } from './limits.ts';

type OutgoingFile = Extract<OutgoingBody, { type: 'file' }>;
type Kind = { method: string; field: string };

const asDocument: Kind = { method: 'sendDocument', field: 'document' };

/** By which method each content type is shown best; the longest beginning decides. Others are documents. */
const kinds: readonly (readonly [beginning: string, kind: Kind])[] = [
  ['image/gif', { method: 'sendAnimation', field: 'animation' }],
  ['image/jpeg', { method: 'sendPhoto', field: 'photo' }],
  ['image/png', { method: 'sendPhoto', field: 'photo' }],
  ['image/webp', { method: 'sendPhoto', field: 'photo' }],
  ['video/mp4', { method: 'sendVideo', field: 'video' }],
  ['audio/ogg', { method: 'sendVoice', field: 'voice' }],
  ['audio/mpeg', { method: 'sendAudio', field: 'audio' }],
  ['audio/mp4', { method: 'sendAudio', field: 'audio' }],
];

/** 50 MB over a slow line. */
const uploadTimeoutMs = 120_000;

/** Uploads a file and shows it. What Telegram does not take as a picture or sound (its shape, its codec) goes as a document. */
export async function sendFile(
  file: OutgoingFile,
  common: Record<string, unknown>,
  account: TelegramAccount,
  tools: Tools,
): Promise<BotAnswer | Extract<SendResult, { result: 'never' }>> {
  if (file.bytes.length > limits.attachmentBytes) return tooLarge;
  if (file.bytes.length === 0) return empty;
  const kind = kindOf(file);
  const answer = await callBot(kind.method, formOf(kind, file, common), account, tools);
  const refusedAsSuch = kind !== asDocument && answer.kind === 'refusal' && answer.code === 400;
  return refusedAsSuch ? callBot(asDocument.method, formOf(asDocument, file, common), account, tools) : answer;
}

function kindOf({ contentType, bytes }: OutgoingFile): Kind {
  const kind = kinds.find(([beginning]) => contentType.toLowerCase().startsWith(beginning))?.[1] ?? asDocument;
  return kind.method === 'sendPhoto' && bytes.length > largestPhoto ? asDocument : kind;
}

function formOf({ field }: Kind, file: OutgoingFile, common: Record<string, unknown>): Encoded {
  const form = new FormData();
  for (const [name, value] of Object.entries(common))
    form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  form.append(field, file.bytes, { filename: file.name, contentType: file.contentType });
  return {
    headers: { ...form.getHeaders(), 'content-length': String(form.getLengthSync()) },
    body: form,
    timeoutMs: uploadTimeoutMs,
  };
}

const tooLarge = {
  result: 'never',
  why: 'The file is larger than 50 MB, the most that a bot may send.',
  code: 'too-large',
} as const;
const empty = { result: 'never', why: 'The file is empty, and Telegram takes no empty files.', code: 'empty' } as const;
