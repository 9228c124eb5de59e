import { randomInt } from 'node:crypto';
import { hours, seconds } from '../domain/duration.ts';
import { codeHolds } from '../domain/mailed-code.ts';
import { hmacSha256 } from '../kit/crypto.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Queryable } from '../store/database.ts';
import { codeEnded, codeMade, codesMailedTo, codeToMail, type MailedCode } from '../store/mailed-codes.ts';
import { serviceKey } from '../store/service-keys.ts';
import { sayOfEmail, wordsOfEmail } from './say-of-email.ts';
import { tellAgents } from './tell-agents.ts';
import type { ConnectedChannel, World } from './world.ts';

/** Codes in one conversation, and to one address in a day: nobody's mailbox is to be filled by a chat. */
export const mostMails = 3;
const lately = hours(24);
const tryAgain = seconds(30);

/** Six digits are soon tried out by whoever has their hash: it is made with a key of the service's own. */
export const codeDigest = async (db: Queryable, conversation: number, code: string): Promise<Buffer> =>
  hmacSha256((await serviceKey(db, 'mailed-codes')).toString('hex'), `${conversation}:${code}`);

/**
 * Mails the code that is wanted, if one is. The code is made anew for each try, so that nothing but its hash is ever kept; after
 * a crash in between a second mail goes, and only its code holds.
 */
export async function mailCode(
  world: World,
  connected: ConnectedChannel,
  conversation: Conversation,
): Promise<CatchUp> {
  if (!world.mapping.identity.askForEmail || !world.tools.mail) return allDone;
  const wanted = await codeToMail(world.db, conversation.id);
  if (!wanted?.email) return allDone;
  const since = new Date(world.tools.clock.now().getTime() - lately);
  if (wanted.mails >= mostMails || (await codesMailedTo(world.db, wanted.email, since)) >= mostMails)
    return giveUp(world, connected, conversation, 'too many codes went there already');
  return mail(world, connected, conversation, wanted.email, wanted);
}

async function mail(
  world: World,
  connected: ConnectedChannel,
  conversation: Conversation,
  email: string,
  { mails }: MailedCode,
): Promise<CatchUp> {
  const { clock, log, mail: send } = world.tools;
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const digest = await codeDigest(world.db, conversation.id, code);
  const expiresAt = new Date(clock.now().getTime() + codeHolds);
  if (!(await codeMade(world.db, { conversation: conversation.id, email, digest, expiresAt }))) return allDone;
  const words = wordsOfEmail(world.mapping, connected, conversation, { email, code });
  const sent = await send!({ to: email, subject: words('mailSubject'), text: words('mailText') });
  log.info('code.mailed', {
    account: conversation.account,
    conversation: conversation.id,
    result: sent.result,
    ...('why' in sent ? { why: sent.why } : {}),
  });
  if (sent.result === 'later' && mails + 1 < mostMails) return leftFor(tryAgain);
  if (sent.result !== 'sent') return giveUp(world, connected, conversation, sent.why);
  await world.db.transaction().execute(async (tx) => {
    await codeEnded(tx, conversation.id, 'mailed', clock.now());
    await sayOfEmail(tx, world, connected, conversation, { text: 'codeSentText', key: `code-sent:${mails}`, email });
  });
  return allDone;
}

async function giveUp(
  { db, queue, tools }: World,
  connected: ConnectedChannel,
  { id, platformUser }: Conversation,
  why: string,
): Promise<CatchUp> {
  const at = tools.clock.now();
  await db.transaction().execute(async (tx) => {
    await codeEnded(tx, id, 'given-up', at);
    const text = `No code could be mailed to the address the customer gave: ${why}. The address is not verified.`;
    await tellAgents(tx, queue, connected, {
      ...{ conversation: id, platformUser, text, at },
      cause: `code-not-mailed:${id}:${at.getTime()}`,
    });
  });
  return allDone;
}
