import type { Limits, OutgoingBody } from '../channels/channel.ts';
import { seconds } from '../domain/duration.ts';
import { type CatchUp, leftFor } from '../queue/queue.ts';
import type { ReplyBody, ReplyPart } from '../store/reply-parts.ts';
import type { SendWork } from './send-work.ts';

type Waits = CatchUp & { left: true };

/** What is handed to the channel. A file of the agent's is fetched from the helpdesk now; `never` says why it cannot go. */
export async function outgoingBody(
  work: SendWork,
  { body }: Pick<ReplyPart, 'body'>,
): Promise<{ body: OutgoingBody } | { never: string } | Waits> {
  if (body.type === 'file') return fileBody(work, body);
  if (body.type === 'template') return { body };
  const { automatic: _, ...text } = body;
  return { body: text };
}

async function fileBody(
  { world, connected }: SendWork,
  body: Extract<ReplyBody, { type: 'file' }>,
): Promise<{ body: OutgoingBody } | { never: string } | Waits> {
  const { channel, account } = connected;
  const limit = largestFile(channel.limits, body.contentType);
  if (limit === 0) return { never: `${channel.label} takes no files, so ${body.name} cannot be sent` };
  if (body.bytes > limit)
    return {
      never: `the file ${body.name} is larger than ${channel.label} takes (${Math.round(limit / 1e5) / 10} MB)`,
    };
  const helpdesk = world.helpdesks.get(account.helpdesk ?? '');
  if (!helpdesk) return { never: `the file ${body.name} cannot be fetched: the helpdesk is no longer configured` };
  const file = await helpdesk.session.fetchFile(body, limit);
  if (file.result === 'done') {
    const contentType = body.contentType || file.value.contentType;
    return { body: { type: 'file', name: body.name, contentType, bytes: file.value.bytes } };
  }
  if (file.result === 'never') return { never: `the file ${body.name} could not be fetched: ${file.why}` };
  world.tools.log.warn('reply.file-later', { result: file.result, why: file.why });
  return leftFor(seconds(5)) as Waits;
}

/** In bytes; the longest beginning of the content type that the channel names decides. */
export function largestFile({ attachmentBytes, attachmentBytesByType = {} }: Limits, contentType: string): number {
  const [closest] = Object.entries(attachmentBytesByType)
    .filter(([beginning]) => contentType.startsWith(beginning))
    .sort(([a], [b]) => b.length - a.length);
  return closest?.[1] ?? attachmentBytes;
}
