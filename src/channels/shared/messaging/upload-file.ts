import FormData from 'form-data';
import { done, type Outcome } from '../../../domain/outcome.ts';
import type { OutgoingBody } from '../../channel.ts';
import type { GraphAnswer, GraphCall } from '../graph/client.ts';
import type { ErrorTable } from '../graph/error-rules.ts';
import { troubleOfHarmless } from '../graph/trouble.ts';
import { asId } from '../json.ts';

export type AttachmentType = 'image' | 'video' | 'audio' | 'file';
export type OutgoingFile = Extract<OutgoingBody, { type: 'file' }>;

/** Where files are left, and what becomes of a refusal. */
export interface Uploads {
  path: string;
  query?: Record<string, string>;
  errors: ErrorTable;
  ask(call: GraphCall): Promise<GraphAnswer>;
}

/** 25 MB over a slow line. */
const uploadTimeoutMs = 75_000;

/** Leaves a file with Meta (Messenger Platform, "Attachment Upload API"). Gives its id, which can be sent for 90 days. */
export async function uploadFile(
  type: AttachmentType,
  file: OutgoingFile,
  { path, query, errors, ask }: Uploads,
): Promise<Outcome<string>> {
  const form = formOf(type, file);
  const answer = await ask({
    method: 'POST',
    path,
    ...(query ? { query } : {}),
    body: form,
    headers: { ...form.getHeaders(), 'content-length': String(form.getLengthSync()) },
    timeoutMs: uploadTimeoutMs,
  });
  if (answer.kind !== 'success') return troubleOfHarmless(answer, errors);
  const id = asId(answer.json['attachment_id']);
  return id === undefined ? noId : done(id);
}

const noId = { result: 'later', why: 'Meta took the file but gave no id for it.' } as const;

function formOf(type: AttachmentType, file: OutgoingFile): FormData {
  const form = new FormData();
  form.append('message', JSON.stringify({ attachment: { type, payload: { is_reusable: false } } }));
  form.append('filedata', file.bytes, { filename: file.name, contentType: file.contentType });
  return form;
}
