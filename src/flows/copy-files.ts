import { type Duration, hours, milliseconds, minutes } from '../domain/duration.ts';
import { fileNameFor, provisionalName } from '../domain/file-name.ts';
import type { Outcome, Trouble } from '../domain/outcome.ts';
import { isMedia, type MediaPart } from '../domain/part.ts';
import { channelTarget } from '../domain/target.ts';
import { backoffMs } from '../kit/backoff.ts';
import type { FetchedFile } from '../kit/download.ts';
import { safeFileName } from '../kit/file-name.ts';
import type { Gate } from '../kit/gate.ts';
import { step } from '../kit/step.ts';
import { traced } from '../kit/tracer.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import { type Conversation, conversationById } from '../store/conversations.ts';
import {
  endMedia,
  type FailedMedia,
  mediaLater,
  mediaOf,
  type StoredMedia,
  type WaitingMedia,
  waitingMedia,
} from '../store/media.ts';
import { type Message, messagesByIds } from '../store/messages.ts';
import { reasonOf } from '../store/vault.ts';
import { answerFile } from './answer-file.ts';
import { fileEnded } from './file-follows.ts';
import { journeysOf } from './journeys.ts';
import type { ConnectedChannel, World } from './world.ts';

interface CopyWork {
  world: World;
  connected: ConnectedChannel;
  conversation: Conversation;
  message: Message;
  settings: CopySettings;
}

export interface CopySettings {
  /** How long a file is tried for. */
  retryFor: Duration;
  /** Keeps the number of files in memory small. */
  gate: Gate;
}

/** An account that is not in the configuration just now may come back. */
const unroutedPause = hours(1);

/**
 * The `media` job: copies the files of one message to the vault. The text does not wait for it; a file that is late
 * follows on the same ticket.
 */
export async function copyFiles(world: World, settings: CopySettings, key: string): Promise<CatchUp> {
  const [message] = await messagesByIds(world.db, [Number(key)]);
  const conversation = message && (await conversationById(world.db, message.conversation));
  if (!message || !conversation) return allDone;
  const connected = world.channels.get(conversation.account);
  const due = (await waitingMedia(world.db, message.id)).filter(({ dueIn }) => dueIn <= 0);
  if (connected) {
    const work = { world, connected, conversation, message, settings };
    const copy = () => Promise.all(due.map((file) => settings.gate(() => copyFile(work, file))));
    if (due.length > 0)
      await traced(world.tools.trace, 'files', () => journeysOf(conversation.account, [message]), copy);
  } else {
    const why = 'the account is no longer in the configuration';
    for (const file of due) await mediaLater(world.db, file, unroutedPause, why);
  }
  return untilNext(world, message.id);
}

async function untilNext({ db }: World, message: number): Promise<CatchUp> {
  const left = await waitingMedia(db, message);
  if (left.length === 0) return allDone;
  return leftFor(milliseconds(Math.max(1, Math.min(...left.map(({ dueIn }) => dueIn)))));
}

async function copyFile(work: CopyWork, file: WaitingMedia): Promise<void> {
  const told = work.message.parts[file.position];
  const part = told && isMedia(told) ? safelyNamed(told) : undefined;
  if (!part) return giveUp(work, file, 'file', { why: 'there is no such file in the message' });
  const fetched = await fetchFile(work, part);
  if (fetched.result === 'done') return keep(work, file, part, fetched.value);
  if (fetched.result === 'never') return giveUp(work, file, provisionalName(part, file.position), fetched);
  return tryAgain(work, file, part, fetched);
}

/** Names come from strangers: no folders, no characters that make one read as another. */
function safelyNamed({ name, ...part }: MediaPart): MediaPart {
  const safe = safeFileName(name);
  return { ...part, ...(safe ? { name: safe } : {}) };
}

async function fetchFile({ world, connected }: CopyWork, part: MediaPart): Promise<Outcome<FetchedFile>> {
  const { channel, account } = connected;
  if (channel.fetchMedia) return channel.fetchMedia(part, account, world.tools);
  if (part.url) return world.tools.download(part.url);
  return { result: 'never', why: 'the platform gave no link to it' };
}

/** One key for each file, always the same: what a crash left half written is written over, or deleted when given up. */
const vaultKey = ({ conversation }: CopyWork, { message, position }: WaitingMedia) =>
  `${conversation.id}/${message}-${position}`;

async function keep(work: CopyWork, file: WaitingMedia, part: MediaPart, fetched: FetchedFile): Promise<void> {
  const key = vaultKey(work, file);
  step('media.fetched');
  try {
    await work.world.vault.put(key, fetched);
    step('media.kept');
  } catch (error) {
    work.world.tools.log.error('media.vault-failed', { message: file.message, why: reasonOf(error) });
    return tryAgain(work, file, part, { result: 'later', why: 'the store for copies of files is out of order' });
  }
  const { contentType, bytes } = fetched;
  const named = fileNameFor(part, fetched, file.position);
  await end(work, file, { state: 'stored', key, contentType, bytes: bytes.length, ...named });
}

async function giveUp(
  work: CopyWork,
  file: WaitingMedia,
  name: string,
  { why, code }: { why: string; code?: string },
): Promise<void> {
  await work.world.vault.delete(vaultKey(work, file)).catch(() => undefined);
  await end(work, file, { state: 'failed', name, reason: why, ...(code ? { code } : {}) });
}

async function tryAgain(
  work: CopyWork,
  file: WaitingMedia,
  part: MediaPart,
  trouble: Exclude<Trouble, { result: 'never' }>,
): Promise<void> {
  const { world, connected, settings } = work;
  const broken = trouble.result === 'account-broken';
  // A dead token is the operator's to mend: the file waits for it however long.
  if (!broken && file.age > settings.retryFor) return giveUp(work, file, provisionalName(part, file.position), trouble);
  if (broken) await world.health.failed(channelTarget(connected.account.id), trouble);
  const after = (trouble.result === 'later' && trouble.after) || pauseAfter(file.attempts);
  await mediaLater(world.db, file, after, trouble.why);
  tell(work, file, trouble.result, { why: trouble.why, attempts: file.attempts + 1 });
}

const longestPause = minutes(15);

/** 1, 2, 4… s up to a minute, then slower: a file may be waited for for a day. */
function pauseAfter(attempts: number): number {
  return attempts < 6 ? backoffMs(attempts) : Math.min(longestPause, backoffMs(6) * 2 ** Math.min(attempts - 6, 8));
}

async function end(work: CopyWork, file: WaitingMedia, ended: StoredMedia | FailedMedia): Promise<void> {
  const { world, connected, conversation, message } = work;
  const mapping = await world.mappingAt(message.mapping);
  const fresh = await world.db.transaction().execute(async (tx) => {
    if (!(await endMedia(tx, file, ended))) return false;
    await fileEnded(tx, world.queue, connected, conversation, message, file.position);
    if (ended.state === 'failed') await answerFile(tx, world, mapping, work, ended);
    return true;
  });
  if (!fresh) return ended.state === 'stored' ? forget(work, file) : undefined;
  if (ended.state === 'stored') tell(work, file, 'stored', { bytes: ended.bytes }, ended.bytes);
  else tell(work, file, 'never', { why: ended.reason });
}

/** Somebody ended the wait first: if its message was removed meanwhile, what was just copied goes as well. */
async function forget(work: CopyWork, file: WaitingMedia): Promise<void> {
  const now = (await mediaOf(work.world.db, file.message)).get(file.position);
  if (now?.state !== 'stored') await work.world.vault.delete(vaultKey(work, file));
}

function tell(
  { world, connected: { account } }: CopyWork,
  { message, position, age }: WaitingMedia,
  outcome: 'stored' | 'never' | Trouble['result'],
  detail: Record<string, unknown>,
  bytes?: number,
): void {
  const { log } = world.tools;
  const fields = { account: account.id, message, position, ...detail, waited: Math.round(age) };
  if (outcome === 'stored') log.info('media.stored', fields);
  else if (outcome === 'never') log.warn('media.given-up', fields);
  else log.warn('media.later', { ...fields, result: outcome });
  world.meters.media(channelTarget(account.id), outcome === 'stored' || outcome === 'never' ? outcome : 'later', bytes);
}
