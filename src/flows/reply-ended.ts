import { isCalledReply } from '../domain/called-reply.ts';
import { allDone, type CatchUp } from '../queue/queue.ts';
import { endDeliveries, replaysOf } from '../store/deliveries.ts';
import { messagesByIds, waitingFor } from '../store/messages.ts';
import { partEnded, type ReplyPart, replyPartsOf } from '../store/reply-parts.ts';
import { asFarAsFitFor } from './fit-for.ts';
import { replyInWords } from './reply-words.ts';
import type { SendWork } from './send-work.ts';
import { tellAgents } from './tell-agents.ts';
import { mappingContext } from './world.ts';

/** Replies all of whose bubbles have ended are delivered, or parked with what went wrong. */
export async function endFinished(work: SendWork): Promise<void> {
  const { world, conversation, target } = work;
  for (const message of await waitingFor(world.db, target, conversation.id)) {
    const parts = await replyPartsOf(world.db, message.id);
    if (parts.some(({ state }) => state === 'waiting' || state === 'sending')) return;
    const failed = parts.some(({ state }) => state === 'failed' || state === 'unsure');
    const [ended] = await endDeliveries(world.db, target, [message.id], failed ? 'parked' : 'done');
    if (!ended || failed) continue;
    world.meters.delivery(target, 'done', ended.ms);
    await toldAfterAll(work, message.id);
  }
}

/** Its agent was told that it failed or that nobody knows; since an operator's replay it is known to be there. */
async function toldAfterAll(work: SendWork, message: number): Promise<void> {
  const replays = await replaysOf(work.world.db, work.target, message);
  if (replays === 0) return;
  const text = 'This reply has reached the customer after all.';
  await tell(work, message, `arrived:${message}`, text);
}

/** Refused for good: what is left of this reply is not sent, and its agent is told. */
export async function replyFailed(work: SendWork, part: ReplyPart, why: string): Promise<CatchUp> {
  const left = (await replyPartsOf(work.world.db, part.message)).filter(({ state }) => state === 'waiting');
  await partEnded(work.world.db, [part.id, ...left.map(({ id }) => id)], 'failed', why);
  work.world.meters.delivery(work.target, 'never');
  noteEnd(work, part, 'failed', why);
  const shown = asFarAsFitFor('showOnTicket', work.world.mapping, work.conversation);
  const context = { ...mappingContext(work.connected, shown), reason: why.replace(/\.+$/, '') };
  await tell(
    work,
    part.message,
    await causeOf(work, part, `failed:${part.message}`),
    work.world.mapping.notes.replyFailed(context),
    why,
  );
  return allDone;
}

/** Nothing told whether it arrived, and the platform has nothing to look up: a person decides. */
export async function replyUnsure(work: SendWork, part: ReplyPart): Promise<CatchUp> {
  const why = 'the platform gave no answer, and it cannot be found out whether it arrived';
  await partEnded(work.world.db, [part.id], 'unsure', why);
  noteEnd(work, part, 'unsure', why);
  const text = `It is not known whether this reply reached the customer: ${why}. It was not sent again. Please ask the customer, or send it anew.`;
  await tell(work, part.message, await causeOf(work, part, `unsure:${part.id}`), text, why);
  return allDone;
}

/** Refused by the platform, or here before it was asked: the operator sees it either way. A file's reason may name the file. */
function noteEnd(
  { world, target, conversation }: SendWork,
  part: ReplyPart,
  state: 'failed' | 'unsure',
  why: string,
): void {
  world.tools.log.warn('reply.parked', {
    target,
    conversation: conversation.id,
    part: part.id,
    state,
    ...(part.body.type === 'text' ? { why } : {}),
  });
}

/** The account cannot send now: the reply waits, and its agent should know. */
export async function replyHeldBack(work: SendWork, part: ReplyPart, why: string): Promise<void> {
  const text = `This reply waits and has not reached the customer yet: ${why}. It is sent as soon as an administrator has mended the connection; there is no need to write it again.`;
  await tell(work, part.message, `held:${part.message}`, text);
}

/** A replay that fails again is told again. */
async function causeOf({ world, target }: SendWork, part: ReplyPart, cause: string): Promise<string> {
  const replays = await replaysOf(world.db, target, part.message);
  return replays === 0 ? cause : `${cause}:${replays}`;
}

/** `failure`: why it did not reach the customer, or why nobody knows. */
async function tell(work: SendWork, of: number, cause: string, text: string, failure?: string): Promise<void> {
  const { world, connected, conversation } = work;
  const [message] = await messagesByIds(world.db, [of]);
  const called = message?.platformId;
  await world.db.transaction().execute((tx) =>
    tellAgents(tx, world.queue, connected, {
      conversation: conversation.id,
      platformUser: conversation.platformUser,
      ...(message?.ticket ? { ticket: message.ticket } : {}),
      text: `${text}\n\n${replyInWords(message?.parts ?? [])}`,
      ...(failure === undefined ? {} : { tags: [world.mapping.tickets.failureTag] }),
      ...(failure !== undefined && isCalledReply(called) ? { refuses: { reply: called, why: failure } } : {}),
      at: world.tools.clock.now(),
      cause,
    }),
  );
}
