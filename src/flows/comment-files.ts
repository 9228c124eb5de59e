import { type Duration, milliseconds } from '../domain/duration.ts';
import { isMedia } from '../domain/part.ts';
import type { FileFate } from '../domain/readable-parts.ts';
import type { UploadToken } from '../helpdesks/helpdesk.ts';
import { step } from '../kit/step.ts';
import { describeBytes } from '../kit/units.ts';
import { type CatchUp, leftFor } from '../queue/queue.ts';
import type { Queryable } from '../store/database.ts';
import { type Media, mediaOfMessages, type StoredMedia } from '../store/media.ts';
import type { Message } from '../store/messages.ts';
import { fateOf, missing } from './file-fates.ts';
import { type FileRef, type MadeOf, type TicketWork, tryAgainLater } from './ticket-work.ts';

/** How long a text waits for its files on the spot, for the usual case. If it may wait longer, the job steps aside. */
const onTheSpot = milliseconds(600);
const lookEvery = milliseconds(40);
const aside = milliseconds(500);

/** What a comment says of its files, by message and position, what it attaches, and what it says will follow. */
export interface CommentFiles {
  fates: Map<number, Map<number, FileFate>>;
  uploads: UploadToken[];
  /** Those attached, by whose they are. */
  attached: MadeOf['files'];
  follow: FileRef[];
}

type Later = CatchUp & { left: true };

/** Attaches the copies there are. A file that is not copied yet does not hold the text: it follows. */
export async function commentFiles(work: TicketWork, group: readonly Message[]): Promise<CommentFiles | Later> {
  const copies = await copiesOf(work, group);
  if ('left' in copies) return copies;
  const files: CommentFiles = { fates: new Map(), uploads: [], attached: [], follow: [] };
  for (const message of group) {
    const fates = new Map<number, FileFate>();
    for (const [position, media] of copies.get(message.id) ?? []) {
      if (media.state === 'waiting') files.follow.push({ message: message.id, position });
      const attached = await attach(work, media);
      if ('later' in attached) {
        const trouble = { result: 'later' as const, why: attached.later };
        return tryAgainLater(work.world, work.target, trouble, [group[0]!.id], group[0]!.attempts);
      }
      if (attached.upload && media.state === 'stored') {
        files.uploads.push(attached.upload);
        files.attached.push({ message: message.id, name: media.name, bytes: media.bytes });
      }
      fates.set(position, attached.fate);
    }
    files.fates.set(message.id, fates);
  }
  return files;
}

type Copies = Map<number, ReadonlyMap<number, Media>>;

/** The files of the messages when their first try has ended, or as they are when the text has waited for them long enough. */
async function copiesOf({ world }: TicketWork, group: readonly Message[]): Promise<Copies | Later> {
  const { clock } = world.tools;
  const startedAt = clock.now().getTime();
  for (;;) {
    const copies = await mediaFor(world.db, group);
    const wait = waitFor(copies, world.textWaits);
    if (wait <= 0) return copies;
    if (clock.now().getTime() - startedAt >= onTheSpot) return leftFor(milliseconds(Math.min(wait, aside))) as Later;
    await clock.sleep(lookEvery);
  }
}

function waitFor(copies: Copies, textWaits: Duration): number {
  const untried = [...copies.values()]
    .flatMap((files) => [...files.values()])
    .flatMap((media) => (media.state === 'waiting' && media.attempts === 0 ? [media.age] : []));
  return Math.max(0, ...untried.map((age) => textWaits - age));
}

async function mediaFor(db: Queryable, group: readonly Message[]): Promise<Copies> {
  const withFiles = group.filter(({ parts, detail }) => detail.fileOf || parts.some(isMedia));
  const found = await mediaOfMessages(
    db,
    withFiles.map(({ id, detail }) => detail.fileOf?.message ?? id),
  );
  return new Map(group.map((message) => [message.id, filesOf(message, found)]));
}

/** A late file's own message has that one file; its row is with the message it belongs to. */
function filesOf({ id, detail }: Message, found: ReadonlyMap<number, Map<number, Media>>): Map<number, Media> {
  if (!detail.fileOf) return found.get(id) ?? new Map();
  const media = found.get(detail.fileOf.message)?.get(detail.fileOf.position);
  return new Map(media ? [[0, media]] : []);
}

type Attached = { fate: FileFate; upload?: UploadToken } | { later: string };

/** A file the helpdesk refuses, or whose copy is gone, is told about in the comment instead. */
async function attach(work: TicketWork, media: Media): Promise<Attached> {
  if (media.state === 'expired') return { fate: missing({ reason: 'its copy is no longer kept' }) };
  if (media.state !== 'stored') return { fate: fateOf(media) };
  const limit = work.helpdesk.limits.attachmentBytes;
  if (media.bytes > limit) {
    const size = `it has ${describeBytes(media.bytes)}, more than the ${describeBytes(limit)} that the helpdesk takes`;
    return { fate: missing({ reason: size }) };
  }
  return upload(work, media);
}

async function upload({ world, helpdesk }: TicketWork, media: StoredMedia): Promise<Attached> {
  const { key, name, contentType, bytes: size } = media;
  const uploaded = await world.vault.lend(key, size, (bytes) => {
    step('upload.asking');
    return helpdesk.session.upload({ name, contentType, bytes });
  });
  step('upload.answered');
  if (uploaded === 'gone') return { fate: missing({ reason: 'its copy was lost' }) };
  if (uploaded.result === 'done') return { fate: fateOf(media), upload: uploaded.value };
  if (uploaded.result === 'never') return { fate: missing({ reason: `the helpdesk refused it: ${uploaded.why}` }) };
  return { later: uploaded.why };
}
