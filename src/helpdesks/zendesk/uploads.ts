import type { Outcome } from '../../domain/outcome.ts';
import type { FetchedFile } from '../../kit/download.ts';
import type { UploadToken } from '../helpdesk.ts';
import type { ZendeskApi } from './api.ts';
import { fileNameFor } from './file-name.ts';
import { attempt } from './outcome.ts';
import { uploadBody } from './wire.ts';

/** Puts a file at Zendesk, to be attached within an hour. One that is never attached is seen by nobody, so repeating is harmless. */
export function upload(
  api: ZendeskApi,
  file: FetchedFile & { name: string },
  timeoutMs: number,
): Promise<Outcome<UploadToken>> {
  const contentType = file.contentType.split(';')[0]?.trim().toLowerCase() || 'application/octet-stream';
  return attempt('repeatable', async () => {
    const query = { filename: fileNameFor(file.name, contentType) };
    const { upload } = await api.upload(uploadBody, query, { bytes: file.bytes, contentType }, timeoutMs);
    return upload.token as UploadToken;
  });
}
