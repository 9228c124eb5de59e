import { milliseconds, seconds } from '../domain/duration.ts';
import type { TicketId } from '../domain/ids.ts';
import type { Trouble } from '../domain/outcome.ts';
import type { Target } from '../domain/target.ts';
import type { CommentDraft, TicketDraft } from '../helpdesks/helpdesk.ts';
import { backoffMs } from '../kit/backoff.ts';
import { type CatchUp, leftFor } from '../queue/queue.ts';
import type { Conversation } from '../store/conversations.ts';
import { noteAttempt } from '../store/deliveries.ts';
import type { ConnectedChannel, ConnectedHelpdesk, World } from './world.ts';

/** What the steps of bringing one conversation's ticket up to date share. */
export interface TicketWork {
  world: World;
  connected: ConnectedChannel;
  conversation: Conversation;
  helpdesk: ConnectedHelpdesk;
  target: Target;
  /** The helpdesk refused a ticket as the mapping wants it: for whose first message, how often, and why. */
  refused?: { message: number; times: number; why: string };
}

/** So long a comment is not looked up: mostly it is there then. How long it may still come, the helpdesk says (`actsWithin`). */
export const restless = seconds(4);

/** `whole`: the comment is there with all its messages. `refused`: try its messages one by one. */
export type Written = CatchUp & { whole?: true; refused?: true };

/** A file of a message, by its place in it. */
export interface FileRef {
  message: number;
  position: number;
}

/** What is asked of the helpdesk for a comment, kept so that it can be asked again to the letter. */
export type CommentRequest = (
  | { create: TicketDraft }
  | { remoteId: TicketId; comment: CommentDraft; also: { status?: 'open'; addTags?: string[] } }
) & {
  /** Files of which the comment says that they follow. */
  follow?: readonly FileRef[];
  /** Which of its words and files are whose, so that one message can be taken out again. Absent in old rows. */
  made?: MadeOf;
};

/** What a comment is made of. */
export interface MadeOf {
  /** In UTF-16 units of the body: a message's own words, or a quote of them in an answer to it. */
  pieces: { message: number; from: number; to: number }[];
  files: { message: number; name: string; bytes: number }[];
}

type Waiting = Exclude<Trouble, { result: 'never' }>;

/**
 * A call that may be tried again later: counted, logged, and how long to wait. `attempts` of the first waiting message
 * make the pause grow.
 */
export async function tryAgainLater(
  world: Pick<World, 'db' | 'meters' | 'tools' | 'health'>,
  target: Target,
  trouble: Waiting,
  messages: readonly number[],
  attempts: number,
): Promise<CatchUp & { left: true }> {
  world.meters.delivery(target, trouble.result);
  world.tools.log.warn('delivery.attempted', { target, result: trouble.result, why: trouble.why, messages, attempts });
  await noteAttempt(world.db, target, messages, trouble.why);
  await world.health.failed(target, trouble);
  const after = trouble.result === 'later' && trouble.after ? trouble.after : milliseconds(backoffMs(attempts));
  return leftFor(after) as CatchUp & { left: true };
}
