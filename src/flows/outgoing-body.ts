import type { Limits, OutgoingBody, TemplateBody } from '../channels/channel.ts';
import { seconds } from '../domain/duration.ts';
import type { FetchedFile } from '../kit/download.ts';
import { type CatchUp, leftFor } from '../queue/queue.ts';
import type { ReplyBody, ReplyFile, ReplyPart } from '../store/reply-parts.ts';
import { reasonOf } from '../store/vault.ts';
import type { SendWork } from './send-work.ts';

type Waits = CatchUp & { left: true };
type Ready = { body: OutgoingBody } | { never: string } | Waits;

/** What is handed to the channel. A file of the agent's is fetched from the helpdesk now; `never` says why it cannot go. */
export async function outgoingBody(
  work: SendWork,
  { body, message }: Pick<ReplyPart, 'body' | 'message'>,
): Promise<Ready> {
  if (body.type === 'file') return fileBody(work, body);
  if (body.type === 'template') return templateBody(work, body, message);
  if (body.type === 'receipt') return { body: { ...body, at: new Date(body.at) } };
  if (body.type === 'card') return { body };
  const { automatic: _, ...text } = body;
  return { body: text };
}

async function fileBody(work: SendWork, body: Extract<ReplyBody, { type: 'file' }>): Promise<Ready> {
  const fetched = await fetchFile(work, body);
  if (!('bytes' in fetched)) return fetched;
  return { body: { type: 'file', name: body.name, contentType: typeOf(body, fetched), bytes: fetched.bytes } };
}

const typeOf = (body: ReplyFile, fetched: FetchedFile) => body.contentType || fetched.contentType;

/** The file at a template's head is fetched by the platform, from a link of ours. */
async function templateBody(
  work: SendWork,
  { header: file, ...template }: Extract<ReplyBody, { type: 'template' }>,
  message: number,
): Promise<Ready> {
  if (!file) return { body: template };
  const { publish, log } = work.world.tools;
  if (!publish) return { never: 'a template with a file needs server.publicUrl, from where the platform fetches it' };
  const fetched = await fetchFile(work, file);
  if (!('bytes' in fetched)) return fetched;
  const contentType = typeOf(file, fetched);
  try {
    const url = await publish({ name: file.name, contentType, bytes: fetched.bytes, message });
    return { body: { ...template, header: { type: headerType(contentType), url, name: file.name } } };
  } catch (error) {
    log.error('reply.file-later', { result: 'later', why: reasonOf(error) });
    return leftFor(seconds(5)) as Waits;
  }
}

function headerType(contentType: string): NonNullable<TemplateBody['header']>['type'] {
  if (contentType.startsWith('image/')) return 'image';
  return contentType.startsWith('video/') ? 'video' : 'document';
}

async function fetchFile(
  { world, connected }: SendWork,
  body: ReplyFile,
): Promise<FetchedFile | { never: string } | Waits> {
  const { channel, account } = connected;
  const limit = largestFile(channel.limits, body.contentType);
  if (limit === 0) return { never: `${channel.label} takes no files, so ${body.name} cannot be sent` };
  if (body.bytes > limit)
    return {
      never: `the file ${body.name} is larger than ${channel.label} takes (${Math.round(limit / 1e5) / 10} MB)`,
    };
  if (body.vault !== undefined) return fromVault(world, body, body.vault);
  const helpdesk = world.helpdesks.get(account.helpdesk ?? '');
  if (!helpdesk) return { never: `the file ${body.name} cannot be fetched: the helpdesk is no longer configured` };
  const file = await helpdesk.session.fetchFile(body, limit);
  if (file.result === 'done') return file.value;
  if (file.result === 'never') return { never: `the file ${body.name} could not be fetched: ${file.why}` };
  world.tools.log.warn('reply.file-later', { result: file.result, why: file.why });
  return leftFor(seconds(5)) as Waits;
}

async function fromVault(
  { vault, tools }: SendWork['world'],
  { name, contentType, bytes }: ReplyFile,
  key: string,
): Promise<FetchedFile | { never: string } | Waits> {
  try {
    const file = await vault.lend(key, bytes, async (found) => found);
    return file === 'gone' ? { never: `the file ${name} is no longer kept` } : { bytes: file, contentType };
  } catch (error) {
    tools.log.error('reply.file-later', { result: 'later', why: reasonOf(error) });
    return leftFor(seconds(5)) as Waits;
  }
}

/** In bytes; the longest beginning of the content type that the channel names decides. */
export function largestFile({ attachmentBytes, attachmentBytesByType = {} }: Limits, contentType: string): number {
  const [closest] = Object.entries(attachmentBytesByType)
    .filter(([beginning]) => contentType.startsWith(beginning))
    .sort(([a], [b]) => b.length - a.length);
  return closest?.[1] ?? attachmentBytes;
}
