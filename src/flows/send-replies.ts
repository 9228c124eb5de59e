import type { Outgoing, SendingRight, SendResult } from '../channels/channel.ts';
import { milliseconds, seconds } from '../domain/duration.ts';
import { channelTarget } from '../domain/target.ts';
import { maySend } from '../domain/window.ts';
import { backoffMs } from '../kit/backoff.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import { conversationById } from '../store/conversations.ts';
import { noteAttempt } from '../store/deliveries.ts';
import { latestOfCustomer } from '../store/messages.ts';
import { openReplyParts, partSending, partSent, partWaits, type ReplyPart } from '../store/reply-parts.ts';
import { markBroken } from '../store/target-states.ts';
import { endFinished, replyFailed, replyHeldBack, replyUnsure } from './reply-ended.ts';
import type { SendWork } from './send-work.ts';
import { mended } from './ticket-work.ts';
import type { World } from './world.ts';

/** How long an echo may take to tell what became of a send without an answer. */
const echoWithin = seconds(60);
const lookAgain = seconds(3);
const brokenPause = seconds(30);

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
    const step = part.state === 'sending' ? await settle(work, part) : await send(work, part, !greeted);
    if (step.left) return step;
    greeted = true;
  }
}

async function send(work: SendWork, part: ReplyPart, first: boolean): Promise<CatchUp> {
  const { world, conversation, connected } = work;
  const { channel, account } = connected;
  const rules = {
    ...(channel.limits.window ? { window: channel.limits.window } : {}),
    ...(channel.mayWriteAsHuman?.(account) && channel.limits.humanAgentWindow
      ? { humanAgentWindow: channel.limits.humanAgentWindow }
      : {}),
  };
  const may = maySend(conversation.lastCustomerAt, world.tools.clock.now(), rules);
  if (may.right === 'none') return replyFailed(work, part, may.why);
  const body = await bodyOf(work, part);
  if ('left' in body) return body;
  if ('never' in body) return replyFailed(work, part, body.never);
  if (first) await showPresence(work);
  return call(work, part, body.body, may.right);
}

async function bodyOf(
  { world, connected }: SendWork,
  { body }: ReplyPart,
): Promise<{ body: Outgoing['body'] } | { never: string } | (CatchUp & { left: true })> {
  if (body.type === 'text') return { body };
  const limit = connected.channel.limits.attachmentBytes;
  if (body.bytes > limit) {
    return {
      never: `the file ${body.name} is larger than ${connected.channel.label} takes (${Math.round(limit / 1e6)} MB)`,
    };
  }
  const helpdesk = world.helpdesks.get(connected.account.helpdesk ?? '');
  if (!helpdesk) return { never: `the file ${body.name} cannot be fetched: the helpdesk is no longer configured` };
  const file = await helpdesk.session.fetchFile(body, limit);
  if (file.result === 'done') {
    return {
      body: {
        type: 'file',
        name: body.name,
        contentType: body.contentType || file.value.contentType,
        bytes: file.value.bytes,
      },
    };
  }
  if (file.result === 'never') return { never: `the file ${body.name} could not be fetched: ${file.why}` };
  world.tools.log.warn('reply.file-later', { result: file.result, why: file.why });
  return leftFor(seconds(5)) as CatchUp & { left: true };
}

/** A courtesy: whether it works or not, the reply goes, after a second at most. */
const courtesy = 1_000;

async function showPresence({ connected: { channel, account }, conversation, world }: SendWork): Promise<void> {
  const to = conversation.platformUser as never;
  const latest = await latestOfCustomer(world.db, conversation.id);
  const shown = Promise.all([
    channel.markSeen?.(to, account, world.tools, latest).catch(() => undefined),
    channel.showTyping?.(to, account, world.tools, latest).catch(() => undefined),
  ]);
  await Promise.race([shown, world.tools.clock.sleep(courtesy)]);
}

async function call(work: SendWork, part: ReplyPart, body: Outgoing['body'], right: SendingRight): Promise<CatchUp> {
  const { world, connected, conversation, target } = work;
  await partSending(world.db, part.id);
  const startedAt = world.tools.clock.now();
  const outgoing = { marker: part.marker, to: conversation.platformUser as never, right, body };
  const sent = await connected.channel.send(outgoing, connected.account, world.tools);
  world.tools.log.info('reply.attempted', {
    target,
    conversation: conversation.id,
    part: part.id,
    result: sent.result,
    right,
    ...('why' in sent ? { why: sent.why } : {}),
    ms: world.tools.clock.now().getTime() - startedAt.getTime(),
  });
  return ended(work, part, sent, startedAt);
}

async function ended(work: SendWork, part: ReplyPart, sent: SendResult, startedAt: Date): Promise<CatchUp> {
  const { world, target } = work;
  if (sent.result !== 'sent' && sent.result !== 'never') world.meters.delivery(target, sent.result);
  switch (sent.result) {
    case 'sent':
      await partSent(world.db, part.id, sent.id, startedAt);
      await mended(world, target);
      return allDone;
    case 'later': {
      await partWaits(world.db, part.id);
      await noteAttempt(world.db, target, [part.message], sent.why);
      return leftFor(sent.after ?? milliseconds(backoffMs(2)));
    }
    case 'account-broken':
      await partWaits(world.db, part.id);
      await markBroken(world.db, target, sent.why);
      await replyHeldBack(work, part, sent.why);
      return leftFor(brokenPause);
    case 'unsure':
      return leftFor(lookAgain);
    case 'never':
      return replyFailed(work, part, sent.why);
    default:
      return sent satisfies never;
  }
}

/** A bubble that was being sent when the answer got lost. The echo, when it comes, settles it by itself. */
async function settle(work: SendWork, part: ReplyPart): Promise<CatchUp> {
  const { world, connected, conversation } = work;
  const { channel, account } = connected;
  const since = part.startedAt ?? world.tools.clock.now();
  const age = world.tools.clock.now().getTime() - since.getTime();
  if (age < lookAgain) return leftFor(lookAgain);
  const sought = {
    marker: part.marker,
    to: conversation.platformUser as never,
    since,
    ...(part.body.type === 'text' ? { text: part.body.text } : {}),
  };
  const found = await channel.lookUpSent?.(sought, account, world.tools);
  if (found?.result === 'done') {
    if (found.value === undefined) await partWaits(world.db, part.id);
    else await partSent(world.db, part.id, found.value, since);
    return allDone;
  }
  if (age < echoWithin) return leftFor(lookAgain);
  return replyUnsure(work, part);
}
