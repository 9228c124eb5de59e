import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import { callGraph } from '../shared/graph/client.ts';
import { messengerErrors } from '../shared/graph/error-rules.ts';
import * as shared from '../shared/messaging/upload-file.ts';
import { accessOf, type MessengerAccount } from './account.ts';
import { limits } from './limits.ts';

export type AttachmentType = shared.AttachmentType;

/** What Messenger shows as a picture; any other image is sent as a file. */
const shownImages = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];
const largestImage = 8_000_000;

/** The kind of bubble a file becomes. */
export function attachmentType({ contentType, bytes }: shared.OutgoingFile): AttachmentType {
  const mime = contentType.split(';', 1)[0]!.trim().toLowerCase();
  if (shownImages.includes(mime) && bytes.length <= largestImage) return 'image';
  if (mime.startsWith('video/')) return 'video';
  return mime.startsWith('audio/') ? 'audio' : 'file';
}

/** Leaves a file with Meta, which nobody sees yet. */
export async function uploadFile(
  file: shared.OutgoingFile,
  account: MessengerAccount,
  tools: Tools,
): Promise<Outcome<{ type: AttachmentType; id: string }>> {
  if (file.bytes.length > limits.attachmentBytes) return tooLarge;
  if (file.bytes.length === 0) return empty;
  const type = attachmentType(file);
  const uploaded = await shared.uploadFile(type, file, {
    path: `/${account.pageId}/message_attachments`,
    errors: messengerErrors,
    ask: (call) => callGraph(call, accessOf(account), tools),
  });
  return uploaded.result === 'done' ? done({ type, id: uploaded.value }) : uploaded;
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
