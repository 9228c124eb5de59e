import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import { type AttachmentType, type OutgoingFile, uploadFile } from '../shared/messaging/upload-file.ts';
import { callInstagram } from './access.ts';
import { type InstagramAccount, loginOf } from './account.ts';
import { instagramErrors } from './error-rules.ts';
import { limits, linksHold, shown } from './limits.ts';

type Content = Record<string, unknown>;

/**
 * A file as Instagram takes it: uploaded where the account was connected by Facebook, else fetched by Instagram from our link.
 * What Instagram cannot show goes as the link itself.
 */
export async function fileContent(
  file: OutgoingFile,
  account: InstagramAccount,
  tools: Tools,
): Promise<Outcome<Content>> {
  if (file.bytes.length > limits.attachmentBytes) return tooLarge;
  if (file.bytes.length === 0) return empty;
  const uploads = loginOf(account) === 'facebook';
  const type = shownAs(file, uploads);
  if (type !== undefined && uploads) return uploaded(type, file, account, tools);
  const url = await publishedAt(file, tools, type === undefined);
  if (url.result !== 'done') return url;
  return done(
    type === undefined
      ? { text: `📎 ${file.name.slice(0, 200)}\n${url.value}` }
      : { attachment: { type, payload: { url: url.value } } },
  );
}

/** The kind of bubble a file becomes; undefined for what Instagram does not show. */
export function shownAs({ contentType, bytes }: OutgoingFile, uploads: boolean): AttachmentType | undefined {
  const mime = contentType.split(';', 1)[0]!.trim().toLowerCase();
  const kinds = Object.entries(shown) as [AttachmentType, (typeof shown)[AttachmentType]][];
  const fits = kinds.find(
    ([, kind]) =>
      bytes.length <= kind.bytes &&
      [...kind.types, ...(uploads ? kind.uploadedTypes : [])].some((type) => type === mime),
  );
  return fits?.[0];
}

async function uploaded(
  type: AttachmentType,
  file: OutgoingFile,
  account: InstagramAccount,
  tools: Tools,
): Promise<Outcome<Content>> {
  const id = await uploadFile(type, file, {
    path: '/me/message_attachments',
    query: { platform: 'instagram' },
    errors: instagramErrors,
    ask: (call) => callInstagram(call, account, tools),
  });
  return id.result === 'done' ? done({ attachment: { type, payload: { attachment_id: id.value } } }) : id;
}

async function publishedAt(
  { name, contentType, bytes }: OutgoingFile,
  { publish }: Pick<Tools, 'publish'>,
  asLink: boolean,
): Promise<Outcome<string>> {
  if (!publish) return asLink ? notShown : notPublic;
  try {
    return done(await publish({ name, contentType, bytes, forMs: linksHold }));
  } catch {
    // Nothing has been said yet, so that it can simply be tried again.
    return { result: 'later', why: 'The file could not be put where Instagram is to fetch it.' };
  }
}

const tooLarge = {
  result: 'never',
  why: 'The file is larger than 25 MB, the most that Instagram takes.',
  code: 'too-large',
} as const;
const empty = {
  result: 'never',
  why: 'The file is empty, and Instagram takes no empty files.',
  code: 'empty',
} as const;
const notPublic = {
  result: 'never',
  why: 'Instagram fetches files from this service, which does not know its own public address: the operator must set server.publicUrl.',
  code: 'no-public-url',
} as const;
const notShown = {
  result: 'never',
  why: 'Instagram shows JPEG and PNG up to 8 MB, common audio and video, and PDF. Anything else goes as a link to this service, which does not know its own public address: the operator must set server.publicUrl.',
  code: 'no-public-url',
} as const;
