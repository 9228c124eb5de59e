import type { SendingRight } from '../channels/channel.ts';
import { milliseconds } from '../domain/duration.ts';
import { channelTarget } from '../domain/target.ts';
import { backoffMs } from '../kit/backoff.ts';
import { conversationById } from '../store/conversations.ts';
import { endTry, type NoticeTry } from '../store/notice-tries.ts';
import { type Notice, noticeLookedAt } from '../store/notices.ts';
import { partEnded, partSent, partWaits, type ReplyPart, replyPartsOf } from '../store/reply-parts.ts';
import { takeBackSending } from '../store/sendings.ts';
import { askAfter, handOver, lookAgain } from './hand-over.ts';
import { judgeSending } from './judge-sending.ts';
import { endNow, endSent } from './notice-ended.ts';
import { outgoingBody } from './outgoing-body.ts';
import { priorityOf } from './plan-notice.ts';
import type { SendWork } from './send-work.ts';
import type { World } from './world.ts';

/** `next`: it surely did not arrive by this way, and will not. Else all is said for now. */
export type Followed = 'next' | 'done';

interface Trying {
  world: World;
  notice: Notice;
  step: NoticeTry;
  work: SendWork;
}

/**
 * Goes on with a way that was begun: sends what was not sent yet, asks after what got lost, and judges what is known.
 * `judged`: the gate was asked a moment ago.
 */
export async function followTry(world: World, notice: Notice, step: NoticeTry, judged = false): Promise<Followed> {
  const conversation = await conversationById(world.db, step.conversation);
  const connected = world.channels.get(step.account);
  if (!conversation || !connected || step.message === undefined)
    return failed(world, notice, step, [], 'its account is gone');
  const work: SendWork = { world, connected, conversation, target: channelTarget(connected.account.id) };
  const trying = { world, notice, step, work };
  for (;;) {
    const parts = await replyPartsOf(world.db, step.message);
    const part = parts.find(({ state }) => state === 'sending' || state === 'waiting');
    if (!part || parts.some(({ state }) => state === 'failed')) return standing(trying, parts);
    const went = part.state === 'sending' ? await settle(trying, part) : await send(trying, part, parts, judged);
    if (went) return went;
  }
}

/** Nothing: look again at what is there. */
async function settle({ world, notice, work }: Trying, part: ReplyPart): Promise<Followed | undefined> {
  const asked = await askAfter(work, part);
  if ('settled' in asked) return undefined;
  if ('after' in asked) return wait(world, notice, asked.after);
  await partEnded(
    world.db,
    [part.id],
    'unsure',
    'the platform gave no answer, and it cannot be found out whether it arrived',
  );
  return undefined;
}

async function wait({ db, tools }: World, { id }: Notice, after: number): Promise<Followed> {
  await noticeLookedAt(db, id, new Date(tools.clock.now().getTime() + after));
  return 'done';
}

async function send(
  trying: Trying,
  part: ReplyPart,
  parts: readonly ReplyPart[],
  judged: boolean,
): Promise<Followed | undefined> {
  const { world, notice, step, work } = trying;
  const begun = parts.some(isOut);
  const waited = world.tools.clock.now().getTime() - step.startedAt.getTime();
  if (!begun && waited > world.noticing.deliverWithin)
    return failed(world, notice, step, parts, 'it could not be sent in time');
  const pause = await world.health.pauseOf(work.target);
  if (pause && !begun && pause.state === 'broken') return failed(world, notice, step, parts, pause.reason);
  if (pause) return wait(world, notice, lookAgain);
  const right = await rightOf(trying, judged || begun);
  if (right === 'next' || right === 'done') return right;
  const body = await outgoingBody(work, part);
  if ('left' in body) return wait(world, notice, body.after);
  if ('never' in body) return refusedPart(trying, part, body.never);
  const { lapses } = work.connected.channel.limits;
  const validFor =
    lapses === undefined ? {} : { validFor: milliseconds(Math.min(lapses, world.noticing.deliverWithin)) };
  const handed = await handOver(work, part, { body: body.body, right, ...validFor, as: 'notice' });
  if (!('sent' in handed)) return wait(world, notice, lookAgain);
  return taken(trying, part, parts, handed);
}

/** The gate is asked at the moment of sending: what has waited is judged anew, under its key, and counts once. */
async function rightOf({ world, notice, step }: Trying, judged: boolean): Promise<SendingRight | Followed> {
  const fromForm = step.form === 'free' ? 'response' : 'template';
  if (judged) return fromForm;
  const verdict = await judgeSending(world, {
    ...{
      conversation: step.conversation,
      purpose: notice.purpose,
      form: step.form ?? 'free',
      key: `notice:${notice.id}`,
    },
    kind: notice.campaign === undefined ? 'notice' : 'campaign',
    priority: priorityOf(notice),
    at: world.tools.clock.now(),
  });
  if (verdict.verdict === 'send') return fromForm;
  if (verdict.verdict === 'wait')
    return wait(world, notice, verdict.until.getTime() - world.tools.clock.now().getTime());
  const parts = step.message === undefined ? [] : await replyPartsOf(world.db, step.message);
  return failed(world, notice, step, parts, verdict.why);
}

async function taken(
  trying: Trying,
  part: ReplyPart,
  parts: readonly ReplyPart[],
  { sent, startedAt }: Extract<Awaited<ReturnType<typeof handOver>>, { sent: unknown }>,
): Promise<Followed | undefined> {
  const { world, notice, step, work } = trying;
  const { health, db } = world;
  switch (sent.result) {
    case 'sent':
      await partSent(db, part.id, sent.id, startedAt);
      await health.answered(work.target);
      return undefined;
    case 'later':
      await partWaits(db, part.id);
      await (sent.for === 'conversation' ? health.answered(work.target) : health.failed(work.target, sent));
      return wait(world, notice, sent.after ?? backoffMs(2));
    case 'account-broken':
      await partWaits(db, part.id);
      await health.failed(work.target, sent);
      return parts.some(isOut) ? wait(world, notice, lookAgain) : failed(world, notice, step, parts, sent.why);
    case 'unsure':
      await health.failed(work.target, sent);
      return wait(world, notice, lookAgain);
    case 'never':
      await health.answered(work.target);
      return refusedPart(trying, part, sent.why);
    default:
      return sent satisfies never;
  }
}

async function refusedPart({ world }: Trying, part: ReplyPart, why: string): Promise<undefined> {
  await partEnded(world.db, [part.id], 'failed', why);
}

/** At the platform, or perhaps there. */
const isOut = ({ state }: ReplyPart): boolean =>
  state === 'sending' || state === 'sent' || state === 'delivered' || state === 'read' || state === 'unsure';

/**
 * Nothing is left to send. What the platform took counts as told until it says otherwise: silence is no word, for a receipt may be
 * late. Where it can be told how long to try (`validFor`), it gives up in time and says so, and the notice is opened again.
 */
async function standing({ world, notice, step }: Trying, parts: readonly ReplyPart[]): Promise<Followed> {
  const arrived = parts.some(({ state, deliveredAt }) => state === 'delivered' || state === 'read' || deliveredAt);
  const out = parts.filter(isOut);
  const wrong = parts.find(({ reason, state }) => reason && (state === 'failed' || state === 'unsure'))?.reason;
  if (out.length === 0 && !arrived) return failed(world, notice, step, parts, wrong ?? 'it could not be sent');
  const left = parts.filter(({ state }) => state === 'waiting').map(({ id }) => id);
  await partEnded(world.db, left, 'failed', wrong ?? 'what went before it failed');
  return sentBy(
    world,
    notice,
    step,
    wrong,
    out.some(({ state }) => state === 'unsure'),
  );
}

async function sentBy(
  world: World,
  notice: Notice,
  step: NoticeTry,
  wrong: string | undefined,
  unsure: boolean,
): Promise<Followed> {
  await endTry(world.db, step.id, unsure ? 'unsure' : 'sent', world.tools.clock.now(), wrong);
  await endSent(world, notice, step, wrong);
  return 'done';
}

async function failed(
  world: World,
  notice: Notice,
  step: NoticeTry,
  parts: readonly ReplyPart[],
  why: string,
): Promise<Followed> {
  const at = world.tools.clock.now();
  const left = parts.filter(({ state }) => state === 'waiting').map(({ id }) => id);
  await partEnded(world.db, left, 'failed', why);
  await endTry(world.db, step.id, 'failed', at, why);
  await takeBackSending(world.db, `notice:${notice.id}`);
  world.tools.log.warn('notice.way-failed', { notice: notice.id, account: step.account, why });
  if (notice.expiresAt > at) return 'next';
  await endNow(world, notice, 'failed', why);
  return 'done';
}
