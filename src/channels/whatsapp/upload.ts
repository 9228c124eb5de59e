import FormData from 'form-data';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Outgoing } from '../channel.ts';
import { asId } from '../shared/json.ts';
import type { WhatsAppAccount } from './account.ts';
import { ask } from './call.ts';
import { limits } from './limits.ts';

export type FileKind = 'image' | 'video' | 'audio' | 'document';
type OutgoingFile = Extract<Outgoing['body'], { type: 'file' }>;

/**
 * What WhatsApp shows or plays in the chat, up to that many bytes (Cloud API, "Media", "Supported media types"). Everything
 * else goes as a document.
 */
const shown: readonly { kind: FileKind; types: readonly string[]; most: number }[] = [
  { kind: 'image', types: ['image/jpeg', 'image/png'], most: 5_000_000 },
  { kind: 'video', types: ['video/mp4', 'video/3gpp'], most: 16_000_000 },
  {
    kind: 'audio',
    types: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/opus'],
    most: 16_000_000,
  },
];

/** 100 MB over a slow line. */
const uploadTimeoutMs = 180_000;

/** The kind of bubble a file becomes. */
export function fileKind({ contentType, bytes }: Pick<OutgoingFile, 'contentType' | 'bytes'>): FileKind {
  const mime = mimeOf(contentType);
  const fits = shown.find(({ types, most }) => types.includes(mime) && bytes.length <= most);
  return fits?.kind ?? 'document';
}

/** Leaves a file with WhatsApp (Cloud API, "Upload media"); its id can be sent for 30 days. */
export async function uploadFile(
  file: OutgoingFile,
  account: WhatsAppAccount,
  tools: Tools,
): Promise<Outcome<{ kind: FileKind; id: string }>> {
  if (file.bytes.length > limits.attachmentBytes) return tooLarge;
  if (file.bytes.length === 0) return empty;
  const form = formOf(file);
  const answer = await ask(
    {
      method: 'POST',
      path: `/${account.phoneNumberId}/media`,
      body: form,
      headers: { ...form.getHeaders(), 'content-length': String(form.getLengthSync()) },
      timeoutMs: uploadTimeoutMs,
    },
    account,
    tools,
  );
  if (answer.result !== 'done') return answer;
  const id = asId(answer.value['id']);
  return id === undefined ? noId : done({ kind: fileKind(file), id });
}

const tooLarge = {
  result: 'never',
  why: 'The file is larger than 100 MB, the most that WhatsApp takes.',
  code: 'too-large',
} as const;
const empty = {
  result: 'never',
  why: 'The file is empty, and WhatsApp takes no empty files.',
  code: 'empty',
} as const;
const noId = { result: 'later', why: 'WhatsApp took the file but gave no id for it.' } as const;

function formOf(file: OutgoingFile): FormData {
  const contentType = mimeOf(file.contentType) || 'application/octet-stream';
  const form = new FormData();
  form.append('messaging_product', 'whatsapp');
  form.append('type', contentType);
  form.append('file', file.bytes, { filename: file.name, contentType });
  return form;
}

const mimeOf = (contentType: string): string => contentType.split(';', 1)[0]!.trim().toLowerCase();
