import { randomUUID } from 'node:crypto';
import type { Limits } from '../channels/channel.ts';
import { splitKey } from '../domain/conversation-key.ts';
import { days, seconds } from '../domain/duration.ts';
import type { Marker, MessageId } from '../domain/ids.ts';
import type { Part } from '../domain/part.ts';
import { readableParts } from '../domain/readable-parts.ts';
import { splitText } from '../domain/split-text.ts';
import { channelTarget, helpdeskTarget } from '../domain/target.ts';
import type { AgentFile } from '../helpdesks/called.ts';
import type { Comment } from '../helpdesks/helpdesk.ts';
import { step } from '../kit/step.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import { writtenComments } from '../store/comments.ts';
import { conversationById } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { ticketOrRemember } from '../store/early-callbacks.ts';
import { addMessage, saidLately } from '../store/messages.ts';
import { addReplyParts, type ReplyBody } from '../store/reply-parts.ts';
import { commentsReadUntil, type LedgerTicket } from '../store/tickets.ts';
import { journeyOfReply } from './journeys.ts';
import { isQuoted, leadingQuote } from './leading-quote.ts';
import { templateCommand } from './template-command.ts';
import { type ConnectedChannel, crmOf, type World } from './world.ts';

/** A reading that failed does no harm to repeat. */
const lookAgain = seconds(4);

/**
 * The `replies` job: reads what was written on a ticket since the last time and takes in agents' public comments as
 * replies to send. Notes, the customer's own words and this service's comments are passed over.
 */
export async function collectReplies(world: World, key: string): Promise<CatchUp> {
  const [helpdeskId, remoteId] = splitKey(key);
  const helpdesk = world.helpdesks.get(helpdeskId);
  const ticket = helpdesk && (await ticketOrRemember(world.db, helpdeskId, remoteId));
  if (!ticket) return allDone;
  const written = await writtenComments(world.db, ticket.id);
  const read = await helpdesk.session.readComments(remoteId as never, ticket.lastCommentRead, written);
  if (read.result === 'never') {
    world.tools.log.warn('replies.not-read', { helpdesk: helpdeskId, ticket: ticket.id, why: read.why });
    return allDone;
  }
  if (read.result !== 'done') {
    await world.health.failed(helpdeskTarget(helpdeskId), read);
    world.tools.log.warn('replies.later', {
      helpdesk: helpdeskId,
      ticket: ticket.id,
      result: read.result,
      why: read.why,
    });
    return leftFor((read.result === 'later' && read.after) || lookAgain);
  }
  await world.health.answered(helpdeskTarget(helpdeskId));
  const taken = await takeIn(world, ticket, read.value);
  world.tools.log.info('replies.collected', {
    helpdesk: helpdeskId,
    ticket: ticket.id,
    comments: read.value.length,
    taken,
  });
  return allDone;
}

async function takeIn(world: World, ticket: LedgerTicket, comments: readonly Comment[]): Promise<number> {
  const conversation = await conversationById(world.db, ticket.conversation);
  const connected = conversation && world.channels.get(conversation.account);
  const last = comments.at(-1);
  if (!connected || !last) return 0;
  const now = world.tools.clock.now();
  const { trace } = world.tools;
  const from = trace && Date.now();
  const taken = await world.db.transaction().execute(async (tx) => {
    const replies: number[] = [];
    for (const comment of comments) {
      if (comment.by !== 'agent' || !comment.public) continue;
      const reply = await takeReply(tx, connected, ticket, comment, now, { commentId: comment.id });
      if (reply !== undefined) replies.push(reply);
    }
    await commentsReadUntil(tx, ticket.id, last.id);
    const key = String(ticket.conversation);
    const history = crmOf(connected) ? [{ queue: 'history' as const, key }] : [];
    if (replies.length > 0) await world.queue.wake(tx, [{ queue: 'sends', key }, ...history]);
    if (replies.length > 0) step('replies.taken');
    return replies;
  });
  if (trace && from) {
    const journeys = taken.map((reply) => journeyOfReply(connected.account.id, reply));
    trace.passed('collect', journeys, from);
  }
  return taken.length;
}

/** How a reply is known: as the comment it was read from, or by the name under which the helpdesk handed it over. */
type KnownBy = { commentId: string } | { platformId: string };

/** The reply's row; undefined if there is nothing to send, or it is there already. */
export async function takeReply(
  tx: Tx,
  connected: ConnectedChannel,
  ticket: Pick<LedgerTicket, 'id' | 'conversation'>,
  comment: Pick<Comment, 'text' | 'files' | 'at'>,
  now: Date,
  knownBy: KnownBy,
): Promise<number | undefined> {
  const command = connected.channel.listTemplates && templateCommand(comment.text);
  const quoting = command ? undefined : await quotedBy(tx, connected, ticket.conversation, comment, now);
  const said = quoting ? { ...comment, text: quoting.answer } : comment;
  const bodies = command ? withHeader(command, comment) : bubbles(said, connected.channel.limits);
  if (bodies.length === 0) return undefined;
  const message = await addMessage(
    tx,
    {
      conversation: ticket.conversation,
      kind: 'said',
      author: 'agent',
      ...knownBy,
      ticket: ticket.id,
      parts: partsOf(said),
      ...(quoting ? { replyTo: quoting.of } : {}),
      at: writtenAt(comment.at, now),
    },
    [channelTarget(connected.account.id), crmOf(connected)],
  );
  if (message === undefined) return undefined;
  await addReplyParts(tx, message, ticket.conversation, bodies, () => `passerelle:${randomUUID()}` as Marker);
  return message;
}

/** Quotes are of what was said lately: a platform may not know older messages any more. */
const quotable = days(7);

/** Where the platform can quote, a quote above the agent's words says which message of the customer they answer. */
async function quotedBy(
  tx: Tx,
  { channel }: ConnectedChannel,
  conversation: number,
  { text }: Pick<Comment, 'text'>,
  now: Date,
): Promise<{ answer: string; of: MessageId } | undefined> {
  const quoting = channel.limits.quotes && leadingQuote(text);
  if (!quoting) return undefined;
  const said = await saidLately(tx, conversation, new Date(now.getTime() - quotable));
  const of = said.find(({ parts }) => isQuoted(readableParts(parts), quoting.quote))?.platformId;
  return of === undefined ? undefined : { answer: quoting.answer, of };
}

/**
 * Helpdesks tell whole seconds, channels milliseconds: an answer written within the second of its question comes after it,
 * but before what the customer says once we have read it.
 */
function writtenAt(at: Date, now: Date): Date {
  if (at.getMilliseconds() !== 0) return at;
  return new Date(Math.max(at.getTime(), Math.min(at.getTime() + 999, now.getTime())));
}

/** The first file stands at the template's head; others go by themselves, if they may. */
function withHeader(command: Extract<ReplyBody, { type: 'template' }>, { files }: Pick<Comment, 'files'>): ReplyBody[] {
  const [header, ...others] = files;
  return [{ ...command, ...(header ? { header } : {}) }, ...others.map(fileBody)];
}

const fileBody = (file: AgentFile): ReplyBody => ({ type: 'file', ...file });

/** The text in pieces the channel takes, then each file. */
function bubbles(comment: Pick<Comment, 'text' | 'files'>, { textLength, textUnit }: Limits): ReplyBody[] {
  const text = comment.text.trim();
  const texts = text === '' ? [] : splitText(text, textLength, textUnit);
  return [
    ...texts.filter((piece) => piece.trim() !== '').map((piece): ReplyBody => ({ type: 'text', text: piece })),
    ...comment.files.map(fileBody),
  ];
}

function partsOf(comment: Pick<Comment, 'text' | 'files'>): Part[] {
  const text = comment.text.trim();
  return [
    ...(text === '' ? [] : [{ type: 'text' as const, text }]),
    ...comment.files.map((file) => ({ type: 'file' as const, name: file.name, title: file.name })),
  ];
}
