import FormData from 'form-data';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Outgoing } from '../channel.ts';
import { callGraph } from '../shared/graph/client.ts';
import { asId } from '../shared/graph/json.ts';
import { troubleOfHarmless } from '../shared/graph/trouble.ts';
import { accessOf, type MessengerAccount } from './account.ts';
import { limits } from './limits.ts';

export type AttachmentType = 'image' | 'video' | 'audio' | 'file';
type OutgoingFile = Extract<Outgoing['body'], { type: 'file' }>;

/** What Messenger shows as a picture; any other image is sent as a file. */
const shownImages = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];
const largestImage = 8_000_000;
/** 25 MB over a slow line. */
const uploadTimeoutMs = 75_000;

/** The kind of bubble a file becomes. */
export function attachmentType({ contentType, bytes }: OutgoingFile): AttachmentType {
  const mime = contentType.split(';', 1)[0]!.trim().toLowerCase();
  if (shownImages.includes(mime) && bytes.length <= largestImage) return 'image';
  if (mime.startsWith('video/')) return 'video';
  return mime.startsWith('audio/') ? 'audio' : 'file';
}

/** Leaves a file with Meta (Messenger Platform, "Attachment Upload API"); its id can be sent for 90 days. */
export async function uploadFile(
  file: OutgoingFile,
  account: MessengerAccount,
  tools: Tools,
): Promise<Outcome<{ type: AttachmentType; id: string }>> {
  if (file.bytes.length > limits.attachmentBytes) return tooLarge;
  if (file.bytes.length === 0) return empty;
  const type = attachmentType(file);
  const form = formOf(type, file);
  const answer = await callGraph(
    {
      method: 'POST',
      path: `/${account.pageId}/message_attachments`,
      body: form,
      headers: { ...form.getHeaders(), 'content-length': String(form.getLengthSync()) },
      timeoutMs: uploadTimeoutMs,
    },
    accessOf(account),
    tools,
  );
  if (answer.kind !== 'success') return troubleOfHarmless(answer);
  const id = asId(answer.json['attachment_id']);
  return id === undefined ? noId : done({ type, id });
}

const tooLarge = {
  result: 'never',
  why: 'The file is larger than 25 MB, the most that Messenger takes.',
  code: 'too-large',
} as const;
const empty = {
  result: 'never',
  why: 'The file is empty, and Messenger takes no empty files.',
  code: 'empty',
} as const;
const noId = { result: 'later', why: 'Meta took the file but gave no id for it.' } as const;

function formOf(type: AttachmentType, file: OutgoingFile): FormData {
  const form = new FormData();
  form.append('message', JSON.stringify({ attachment: { type, payload: { is_reusable: false } } }));
  form.append('filedata', file.bytes, { filename: file.name, contentType: file.contentType });
  return form;
}
