import type { PlatformUserId } from '../../../domain/ids.ts';
import { asId, asRecord, asRecords, asText, type JsonRecord } from '../json.ts';

/**
 * A message of the Conversations API in the shape in which a webhook would have told it, so that the same readers read
 * both. Undefined for one whose sender is not shown. Buttons come as the text that was on them; which app sent an
 * echo, and what it hid in it, are not told.
 */
export function asWebhookItem(message: JsonRecord, user: PlatformUserId, business: string): JsonRecord | undefined {
  const from = asId(asRecord(message['from'])?.['id']);
  const mid = asId(message['id']);
  if (from === undefined || mid === undefined) return undefined;
  const echo = from === business;
  const attachments = attachmentsOf(message);
  return {
    sender: { id: echo ? business : user },
    recipient: { id: echo ? user : business },
    timestamp: Date.parse(asText(message['created_time']) ?? ''),
    message: {
      mid,
      ...(echo ? { is_echo: true } : {}),
      text: message['message'],
      ...(attachments.length > 0 ? { attachments } : {}),
    },
  };
}

function attachmentsOf(message: JsonRecord): JsonRecord[] {
  const files = dataOf(message['attachments']).map(fileOf);
  const shares = dataOf(message['shares']).map(shareOf);
  const sticker = asText(message['sticker']);
  return [...files, ...shares, ...(sticker === undefined ? [] : [{ type: 'sticker', payload: { url: sticker } }])];
}

const dataOf = (list: unknown): JsonRecord[] => asRecords(asRecord(list)?.['data']);

/** Images and videos have their address in a record of their own, the rest in `file_url`. */
function fileOf(file: JsonRecord): JsonRecord {
  const image = asRecord(file['image_data']);
  const video = asRecord(file['video_data']);
  const url = asText(image?.['url']) ?? asText(video?.['url']) ?? asText(file['file_url']);
  const type = image ? 'image' : video ? 'video' : typeOf(asText(file['mime_type']) ?? '');
  return { type, name: file['name'], payload: { url } };
}

const typeOf = (mime: string): string => /^(image|video|audio)\//.exec(mime)?.[1] ?? 'file';

const shareOf = (share: JsonRecord): JsonRecord => ({
  type: 'fallback',
  payload: { url: share['link'], title: share['name'], description: share['description'] },
});
