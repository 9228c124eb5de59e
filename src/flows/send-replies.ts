import type { Outgoing, SendingRight, SendResult } from '../channels/channel.ts';
import { milliseconds, seconds } from '../domain/duration.ts';
import { channelTarget } from '../domain/target.ts';
import { backoffMs } from '../kit/backoff.ts';
import { traced } from '../kit/tracer.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import { conversationById } from '../store/conversations.ts';
import { noteAttempt } from '../store/deliveries.ts';
import { eventsWait } from '../store/events.ts';
import { latestOfCustomer } from '../store/messages.ts';
import { openReplyParts, partSent, partWaits, type ReplyPart } from '../store/reply-parts.ts';
import type { WaitingTarget } from '../store/target-states.ts';
import { askAfter, handOver, lookAgain } from './hand-over.ts';
import { journeyOfReply } from './journeys.ts';
import { maySendNow } from './may-send-now.ts';
import { outgoingBody } from './outgoing-body.ts';
import { endFinished, replyFailed, replyHeldBack, replyUnsure } from './reply-ended.ts';
import type { SendWork } from './send-work.ts';
import { brokenProbe } from './target-health.ts';
import { unlessPoison } from './unless-poison.ts';
import type { World } from './world.ts';

/**
 * The `sends` job: sends the bubbles that wait, in order, one after the other. One whose fate is not known holds those
 * after it until an echo, a look-up or the end of patience settles it; it is never sent again on a guess.
 */
export async function sendReplies(world: World, key: string): Promise<CatchUp> {
  const conversation = await conversationById(world.db, Number(key));
  const connected = conversation && world.channels.get(conversation.account);
  if (!conversation || !connected) return allDone;
  const work = { world, connected, conversation, target: channelTarget(connected.account.id) };
  let greeted = false;
  for (;;) {
    await endFinished(work);
    const [part] = await openReplyParts(world.db, conversation.id);
    if (!part) return allDone;
    const pause = await world.health.pauseOf(work.target);
    if (pause) return held(work, part, pause);
    if (part.state === 'waiting' && (await movesAway(work))) return leftFor(untilApplied);
    const ended = part.state === 'sending' ? await settle(work, part) : await sendOrFail(work, part, !greeted);
    if (ended.left) return ended;
    greeted = true;
  }
}

/** Applying takes a moment, or as long as the call to the helpdesk that is under way. */
const untilApplied = milliseconds(250);

/** Who changed their number is not there any more, and somebody else may get it. */
const movesAway = ({ world, conversation }: SendWork): Promise<boolean> =>
  eventsWait(world.db, conversation.account, conversation.platformUser, 'identity');

/** What has to wait for longer than this is worth a note. */
const worthTelling = seconds(10);

/** What waits for an account that stays broken is said on its ticket; what waits for an outage goes by itself soon. */
async function held(work: SendWork, part: ReplyPart, pause: WaitingTarget): Promise<CatchUp> {
  if (pause.state !== 'broken' || (await tellIfHeld(work, part, pause))) return allDone;
  return leftFor(worthTelling);
}

async function tellIfHeld(work: SendWork, part: ReplyPart, pause: WaitingTarget | undefined): Promise<boolean> {
  const age = work.world.tools.clock.now().getTime() - (pause?.since.getTime() ?? Number.POSITIVE_INFINITY);
  if (pause?.state !== 'broken' || age < worthTelling) return false;
  await replyHeldBack(work, part, pause.reason);
  return true;
}

async function sendOrFail(work: SendWork, part: ReplyPart, first: boolean): Promise<CatchUp> {
  const journeys = () => [journeyOfReply(work.connected.account.id, part.message)];
  const sent = await unlessPoison(work.world, work.target, [part.message], () =>
    traced(work.world.tools.trace, 'send', journeys, () => send(work, part, first)),
  );
  return 'poison' in sent ? replyFailed(work, part, sent.poison) : sent;
}

async function send(work: SendWork, part: ReplyPart, first: boolean): Promise<CatchUp> {
  const may = await maySendNow(work, part);
  if (may.right === 'none') return replyFailed(work, part, may.why);
  const body = await outgoingBody(work, part);
  if ('left' in body) return body;
  if ('never' in body) return replyFailed(work, part, body.never);
  if (first) await showPresence(work);
  return call(work, part, body.body, may.right);
}

/** A courtesy: whether it works or not, the reply goes, after a second at most. */
const courtesy = 1_000;

async function showPresence({ connected: { channel, account }, conversation, world }: SendWork): Promise<void> {
  const to = conversation.address as never;
  const latest = await latestOfCustomer(world.db, conversation.id);
  const shown = Promise.all([
    channel.markSeen?.(to, account, world.tools, latest).catch(() => undefined),
    channel.showTyping?.(to, account, world.tools, latest).catch(() => undefined),
  ]);
  await Promise.race([shown, world.tools.clock.sleep(courtesy)]);
}

async function call(work: SendWork, part: ReplyPart, body: Outgoing['body'], right: SendingRight): Promise<CatchUp> {
  const handed = await handOver(work, part, { body, right });
  if ('sent' in handed) return ended(work, part, handed.sent, handed.startedAt);
  return handed.taken ? allDone : leftFor(lookAgain);
}

async function ended(work: SendWork, part: ReplyPart, sent: SendResult, startedAt: Date): Promise<CatchUp> {
  const { world, target } = work;
  if (sent.result !== 'sent' && sent.result !== 'never') world.meters.delivery(target, sent.result);
  switch (sent.result) {
    case 'sent':
      await partSent(world.db, part.id, sent.id, startedAt);
      await world.health.answered(target);
      return allDone;
    case 'later': {
      await partWaits(world.db, part.id);
      await noteAttempt(world.db, target, [part.message], sent.why);
      // What holds for one customer says nothing of the others: the platform is there.
      if (sent.for === 'conversation') await world.health.answered(target);
      else await world.health.failed(target, sent);
      return leftFor(sent.after ?? milliseconds(backoffMs(2)));
    }
    case 'account-broken':
      await partWaits(world.db, part.id);
      await world.health.failed(target, sent);
      await tellIfHeld(work, part, await world.health.stateOf(target));
      return leftFor(brokenProbe);
    case 'unsure':
      await world.health.failed(target, sent);
      return leftFor(lookAgain);
    case 'never':
      await world.health.answered(target);
      return replyFailed(work, part, sent.why);
    default:
      return sent satisfies never;
  }
}

/** A bubble that was being sent when the answer got lost. */
async function settle(work: SendWork, part: ReplyPart): Promise<CatchUp> {
  const asked = await askAfter(work, part);
  if ('settled' in asked) return allDone;
  if ('after' in asked) return leftFor(asked.after);
  return part.replay ? settleReplayed(work, part) : replyUnsure(work, part);
}

/** Its patience is long over: only an answer of the platform counts, and then what the operator allowed. */
async function settleReplayed(work: SendWork, part: ReplyPart): Promise<CatchUp> {
  if (part.replay !== 'resend') return replyUnsure(work, part);
  await partWaits(work.world.db, part.id);
  return allDone;
}
