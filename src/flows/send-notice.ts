import { milliseconds, minutes, seconds } from '../domain/duration.ts';
import type { RenderedNotice } from '../domain/notice-text.ts';
import { channelTarget } from '../domain/target.ts';
import { faultOf } from '../kit/fault.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import { eventsWait } from '../store/events.ts';
import { passOver, triesOf } from '../store/notice-tries.ts';
import { type Notice, noticeLookedAt, noticeWaits, openNotices } from '../store/notices.ts';
import type { NoticeForm } from '../store/order-tables.ts';
import { beginAttempt } from './begin-attempt.ts';
import { fetchOrderFile } from './fetch-order-file.ts';
import { judgeSending, type Verdict } from './judge-sending.ts';
import type { NoticeHeld } from './meters.ts';
import { type NoticeSubject, noticeContext, subjectOf } from './notice-context.ts';
import { endNow } from './notice-ended.ts';
import { followTry } from './notice-try.ts';
import { type Way, waysOf } from './notice-ways.ts';
import { priorityOf } from './plan-notice.ts';
import type { World } from './world.ts';

/**
 * The `notices` job: sends what is due of a customer, one after the other, the more important first. A notice goes by the
 * first way that may and can take it; by the next one only when it surely did not arrive by this one, and will not.
 */
export async function sendNotices(world: World, key: string): Promise<CatchUp> {
  for (;;) {
    const open = await openNotices(world.db, Number(key));
    const now = world.tools.clock.now();
    const due = open.find(({ notBefore }) => notBefore <= now);
    if (due) await sendOrWait(world, due);
    else if (open.length === 0) return allDone;
    else return leftFor(milliseconds(Math.max(1, Math.min(...open.map((n) => n.notBefore.getTime())) - now.getTime())));
  }
}

/** What the code trips over must not hold up what else a customer is to hear. */
const afterFault = minutes(1);

async function sendOrWait(world: World, notice: Notice): Promise<void> {
  try {
    await sendNotice(world, notice);
  } catch (error) {
    await noticeLookedAt(world.db, notice.id, soon(world, afterFault));
    world.tools.log.error('notice.fault', { notice: notice.id, ...faultOf(error) });
  }
}

const soon = ({ tools }: World, after: number): Date => new Date(tools.clock.now().getTime() + after);

async function sendNotice(world: World, notice: Notice): Promise<void> {
  const tries = await triesOf(world.db, notice.id);
  const current = tries.findLast(({ state }) => state === 'sending' || state === 'sent');
  if (current && (await followTry(world, notice, current)) !== 'next') return;
  if (notice.expiresAt <= world.tools.clock.now())
    return endNow(world, notice, 'expired', notice.reason ?? 'its time was over before it could be sent');
  const subject = await subjectOf(world, notice);
  if (subject.file?.state === 'waiting' && !(await fetchOrderFile(world, notice, subject.file))) return;
  const known = await subjectOf(world, notice);
  if (known.file?.state === 'failed')
    return endNow(world, notice, 'failed', `its file ${known.file.name} could not be fetched: ${known.file.reason}`);
  await takeNextWay(world, notice, known);
}

/** A way that was looked at and not taken, and whether that may change within moments. */
interface Passed {
  way: Way;
  why: string;
  because: NoticeHeld;
}

async function takeNextWay(world: World, notice: Notice, subject: NoticeSubject): Promise<void> {
  const tries = await triesOf(world.db, notice.id);
  const tried = new Set(tries.flatMap(({ account, state }) => (state === 'passed' ? [] : [account])));
  const ways = (await waysOf(world, notice)).filter(({ connected }) => !tried.has(connected.account.id));
  const passed: Passed[] = [];
  for (const way of ways) {
    const judged = await judge(world, notice, way, subject);
    if ('wait' in judged) return waits(world, notice, judged);
    if ('end' in judged) {
      world.meters.noticeHeld('same-again');
      return endNow(world, notice, 'refused', judged.end);
    }
    if ('pass' in judged) {
      passed.push({ way, why: judged.pass, because: judged.because });
      continue;
    }
    await notePassed(world, notice, passed);
    await beginAttempt(world, notice, way, subject, judged);
    return;
  }
  await nothingLeft(world, notice, passed, tried.size > 0);
}

async function notePassed(world: World, notice: Notice, passed: readonly Passed[]): Promise<void> {
  const at = world.tools.clock.now();
  for (const { way, why } of passed) {
    const { connected, conversation } = way;
    const step = { account: connected.account.id, conversation: conversation.id, reason: why };
    await passOver(world.db, { notice: notice.id, ...step, at });
  }
}

/** Somebody who has just ordered may be about to tick the box, or to open the chat. */
const grace = minutes(2);
const lookAgain = seconds(2);

async function nothingLeft(world: World, notice: Notice, passed: readonly Passed[], tried: boolean): Promise<void> {
  const age = world.tools.clock.now().getTime() - notice.createdAt.getTime();
  const why = passed.map(({ way, why }) => `${way.connected.channel.label}: ${why}`).join('; ');
  const reason = why || (tried ? 'no way was left' : 'no chat or number of this customer is known');
  const because = passed[0]?.because ?? 'no-way';
  if (!tried && age < grace && passed.every((each) => each.because === 'consent'))
    return waits(world, notice, { wait: soon(world, lookAgain), why: reason, because });
  if (!tried && notice.reason !== reason) world.meters.noticeHeld(because);
  await notePassed(world, notice, passed);
  await endNow(world, notice, tried ? 'failed' : 'refused', reason);
}

interface Waits {
  wait: Date;
  why: string;
  because: NoticeHeld;
}

function waits(world: World, notice: Notice, { wait, why, because }: Waits): Promise<void> {
  if (notice.reason !== why) world.meters.noticeHeld(because);
  return noticeWaits(world.db, notice.id, wait, why);
}

type Judged =
  | { send: RenderedNotice; form: NoticeForm; right: Extract<Verdict, { verdict: 'send' }>['right'] }
  | Waits
  | { pass: string; because: NoticeHeld }
  | { end: string };

async function judge(world: World, notice: Notice, way: Way, subject: NoticeSubject): Promise<Judged> {
  const paused = await pauseOf(world, notice, way);
  if (paused) return paused;
  if (await eventsWait(world.db, way.conversation.account, way.conversation.platformUser)) return hearsFirst(world);
  const { channel } = way.connected;
  const { customer } = way.conversation;
  const context = noticeContext(world, way.connected, way.conversation, subject, notice.variables);
  const reader = { channel: channel.kind, languages: [notice.language, customer.profile.locale] };
  const said = world.noticing.texts.render(notice.event, reader, context);
  if (!said) return { pass: `there is no text of the name ${notice.event}`, because: 'no-way' };
  const free = await ask(world, notice, way, said, 'free');
  if (free.verdict !== 'no' || free.because !== 'policy') return judgedBy(free, said, 'free');
  if (!said.template)
    return { pass: `${free.why}, and its text names no template for ${channel.label}`, because: 'policy' };
  const form = said.template.category;
  return judgedBy(await ask(world, notice, way, said, form), said, form);
}

/** What the customer said a moment ago may be STOP. */
const hearsFirst = (world: World): Waits => ({
  wait: soon(world, lookAgain),
  why: 'what the customer just said comes first',
  because: 'customer-first',
});

const ask = (world: World, notice: Notice, way: Way, said: RenderedNotice, form: NoticeForm): Promise<Verdict> =>
  judgeSending(world, {
    ...{ conversation: way.conversation.id, purpose: notice.purpose, form, key: `notice:${notice.id}` },
    kind: notice.campaign === undefined ? 'notice' : 'campaign',
    priority: priorityOf(notice),
    at: world.tools.clock.now(),
    text: `${said.title}\n${said.text}`,
  });

function judgedBy(verdict: Verdict, said: RenderedNotice, form: NoticeForm): Judged {
  if (verdict.verdict === 'send') return { send: said, form, right: verdict.right };
  const { why, because } = verdict;
  if (verdict.verdict === 'wait') return { wait: verdict.until, why, because };
  return because === 'same-again' ? { end: why } : { pass: why, because };
}

/** What does not answer is waited for as long as a delivery may take; what refuses the account is passed over. */
async function pauseOf(world: World, notice: Notice, { connected }: Way): Promise<Judged | undefined> {
  const pause = await world.health.pauseOf(channelTarget(connected.account.id));
  if (!pause) return undefined;
  if (pause.state === 'broken') return { pass: `its account is out of order: ${pause.reason}`, because: 'platform' };
  const waited = world.tools.clock.now().getTime() - notice.createdAt.getTime();
  return waited < world.noticing.deliverWithin
    ? {
        wait: soon(world, lookAgain),
        why: `${connected.channel.label} does not answer at present`,
        because: 'platform',
      }
    : { pass: 'it does not answer', because: 'platform' };
}
