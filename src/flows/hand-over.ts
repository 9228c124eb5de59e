import type { Outgoing, SendingRight, SendResult } from '../channels/channel.ts';
import { type Duration, milliseconds, seconds } from '../domain/duration.ts';
import { step } from '../kit/step.ts';
import { takeAnswerToken } from '../store/conversations.ts';
import { partSending, partSent, partWaits, type ReplyPart } from '../store/reply-parts.ts';
import { optedOutThere } from './opted-out-there.ts';
import type { SendWork } from './send-work.ts';
import type { ConnectedChannel, World } from './world.ts';

/** How long an echo may take to tell what became of a send without an answer. */
const echoWithin = seconds(60);
/** Where a channel does not say how long a request may stand in a queue over there: twice as long as an answer is waited for. */
const usuallyActsWithin = seconds(30);
export const lookAgain = seconds(3);
/** Well before anybody looks a bubble up. */
const standstill = seconds(2);

/** `as`: what the log calls it; a reply answers by the customer's token, where there is one. */
interface Given {
  body: Outgoing['body'];
  right: SendingRight;
  validFor?: Duration;
  as?: 'notice';
}

/** `taken`: another process has it; else this one stood still, and may not ask any more. */
type Handed = { sent: SendResult; startedAt: Date } | { taken: boolean };

/** Hands one bubble to its platform, once. */
export async function handOver(work: SendWork, part: ReplyPart, given: Given): Promise<Handed> {
  const { world, connected, conversation, target } = work;
  const { body, right, validFor, as = 'reply' } = given;
  const startedAt = world.tools.clock.now();
  if (!(await partSending(world.db, part.id))) return { taken: true };
  const token = as === 'reply' ? await tokenFor(work, part, startedAt) : undefined;
  const outgoing = {
    ...{ marker: part.marker, to: conversation.address as never, right, body },
    ...(token ? { answerToken: token.token } : {}),
    ...(part.replyTo ? { replyTo: part.replyTo } : {}),
    ...(validFor === undefined ? {} : { validFor }),
  };
  step('send.asking');
  // It stood still: another process may have looked this bubble up in vain, and sent it.
  if (world.tools.clock.now().getTime() - startedAt.getTime() > standstill) return { taken: false };
  const sent = await connected.channel.send(outgoing, connected.account, toolsFor(world, part));
  step('send.answered');
  world.tools.log.info(`${as}.attempted`, {
    target,
    conversation: conversation.id,
    part: part.id,
    result: sent.result,
    right,
    ...('why' in sent ? { why: sent.why } : {}),
    ms: world.tools.clock.now().getTime() - startedAt.getTime(),
  });
  if (sent.result === 'never') await noteOptOut(work, part, sent.code);
  return { sent, startedAt };
}

/** The customer opted out at the platform: that is more than one refusal. */
async function noteOptOut({ world, connected, conversation }: SendWork, { marker }: ReplyPart, code?: string) {
  if (code === undefined || !connected.channel.optOutCodes?.[code]) return;
  const refused = { code, of: marker, at: world.tools.clock.now() };
  await world.db.transaction().execute((tx) => optedOutThere(tx, world, connected, conversation, refused));
}

/** An earlier attempt may have been accepted by another way, of which the token of a later message knows nothing: it keeps its own. */
async function tokenFor({ world, conversation }: SendWork, part: ReplyPart, now: Date) {
  if (!part.startedAt) return takeAnswerToken(world.db, conversation.id, part.id, now);
  return part.answerToken && part.answerToken.until > now ? part.answerToken : undefined;
}

/** Files lent for a reply are noted as its own: whoever removes it ends their links too. */
function toolsFor({ tools }: World, { message }: ReplyPart): World['tools'] {
  const { publish } = tools;
  return publish ? { ...tools, publish: (file) => publish({ ...file, message }) } : tools;
}

/** `after`: ask again then. `lost`: nothing tells what became of it. */
type Asked = { settled: true } | { after: Duration } | { lost: true };

const mayStillCome = ({ channel, account }: ConnectedChannel): Duration =>
  channel.actsWithin?.(account) ?? usuallyActsWithin;

/** What became of a bubble whose answer got lost. The echo, when it comes, settles it by itself. */
export async function askAfter(work: SendWork, part: ReplyPart): Promise<Asked> {
  const { world, connected, conversation } = work;
  const { channel, account } = connected;
  const since = part.startedAt ?? world.tools.clock.now();
  const age = world.tools.clock.now().getTime() - since.getTime();
  if (age < lookAgain) return { after: lookAgain };
  const sought = {
    marker: part.marker,
    to: conversation.address as never,
    since,
    ...(part.body.type === 'text' ? { text: part.body.text } : {}),
  };
  const found = await channel.lookUpSent?.(sought, account, world.tools);
  step('send.sought');
  if (found?.result === 'done') {
    await world.health.answered(work.target);
    // Not found is not proof: the request may still stand in a queue over there.
    const left = found.value === undefined ? mayStillCome(connected) - age : 0;
    if (left > 0) return { after: milliseconds(Math.min(left, lookAgain)) };
    if (found.value === undefined) await partWaits(world.db, part.id);
    else await partSent(world.db, part.id, found.value, since);
    return { settled: true };
  }
  if (found?.result === 'later' || found?.result === 'account-broken') {
    // It can be found out, only not now: until then it is neither sent again nor given up.
    await world.health.failed(work.target, found);
    return { after: (found.result === 'later' && found.after) || lookAgain };
  }
  return age < echoWithin ? { after: lookAgain } : { lost: true };
}
