import { minutes } from '../domain/duration.ts';
import type { EventOf, InboundEvent } from '../domain/event.ts';
import { bestFact } from '../domain/fact.ts';
import { codeIn, verdictOn } from '../domain/mailed-code.ts';
import { emailIn } from '../domain/recognise.ts';
import { sameInConstantTime } from '../kit/crypto.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { learnFacts } from '../store/facts.ts';
import { codeEnded, codeWanted, emailAsked, type MailedCode, mailedCode, wrongCode } from '../store/mailed-codes.ts';
import { addMessage } from '../store/messages.ts';
import { codeDigest, mostMails } from './mail-code.ts';
import { type EmailText, sayOfEmail } from './say-of-email.ts';
import { type ConnectedChannel, helpdeskOf, type World } from './world.ts';

type Parts = Pick<World, 'queue' | 'tools' | 'mapping'>;
type Said = EventOf<'message'>;

/** What was written longer ago is not answered by itself any more. */
const lately = minutes(10);

/**
 * Where the mapping wants it (`identity.askForEmail`): asks who writes for their e-mail address, has a code mailed there, and
 * takes the code they repeat for the proof that it is theirs.
 */
export async function checkEmail(
  tx: Tx,
  parts: Parts,
  connected: ConnectedChannel,
  conversation: Conversation,
  events: readonly InboundEvent[],
): Promise<void> {
  if (!parts.mapping.identity.askForEmail || !parts.tools.mail || conversation.blocked) return;
  const now = parts.tools.clock.now();
  const said = events.filter((event): event is Said => isFresh(event, now));
  if (said.length === 0 || bestFact(conversation.customer.facts, 'email', 'verified-code')) return;
  for (const event of said) {
    const known = await mailedCode(tx, conversation.id);
    const email = emailIn(textOf(event));
    if (known?.state === 'mailed' && (await answered(tx, parts, connected, conversation, known, event))) continue;
    if (email) await wantCode(tx, conversation, known, email, now);
  }
  if (await emailAsked(tx, conversation.id, now))
    await sayOfEmail(tx, parts, connected, conversation, { text: 'askText', key: 'ask-email' });
}

const isFresh = (event: InboundEvent, now: Date): boolean =>
  event.type === 'message' &&
  !event.public &&
  !event.standby &&
  !event.found &&
  now.getTime() - event.at.getTime() < lately;

const textOf = ({ parts }: Said): string => parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n');

/** The same address again is no new code while the one that was mailed may still be answered. */
async function wantCode(
  tx: Tx,
  conversation: Conversation,
  known: MailedCode | undefined,
  email: string,
  now: Date,
): Promise<void> {
  if (known && (known.state === 'verified' || known.mails >= mostMails)) return;
  const holds = known?.state === 'mailed' && known.expiresAt && known.expiresAt > now;
  if (holds && known.email === email) return;
  await codeWanted(tx, conversation.id, email, now);
}

/** Returns whether the message held a code. */
async function answered(
  tx: Tx,
  parts: Parts,
  connected: ConnectedChannel,
  conversation: Conversation,
  known: MailedCode,
  event: Said,
): Promise<boolean> {
  const code = codeIn(textOf(event));
  if (code === undefined || !known.email || !known.digest) return false;
  const now = parts.tools.clock.now();
  const fits = sameInConstantTime(await codeDigest(tx, conversation.id, code), known.digest);
  const verdict = verdictOn(known, fits, now);
  parts.tools.log.info('code.answered', { account: conversation.account, conversation: conversation.id, verdict });
  const key = `code-answered:${event.id}`;
  if (verdict === 'right') {
    await verified(tx, connected, conversation, known.email, event);
    await sayOfEmail(tx, parts, connected, conversation, { text: 'verifiedText', key, email: known.email });
    return true;
  }
  if (verdict === 'wrong') await wrongCode(tx, conversation.id);
  else await codeEnded(tx, conversation.id, 'given-up', now);
  await sayOfEmail(tx, parts, connected, conversation, { text: textFor(verdict), key, email: known.email });
  return true;
}

const textFor = (verdict: 'wrong' | 'expired' | 'too-many'): EmailText =>
  verdict === 'wrong' ? 'wrongCodeText' : 'lateCodeText';

async function verified(
  tx: Tx,
  connected: ConnectedChannel,
  { id, customer, account, platformUser }: Conversation,
  email: string,
  event: Said,
): Promise<void> {
  const source = { account, platformUser, event: `message:${event.id}`, at: event.at };
  await learnFacts(
    tx,
    customer.id,
    [{ kind: 'email', value: email, evidence: 'verified-code', by: 'customer' }],
    source,
  );
  await codeEnded(tx, id, 'verified', event.at);
  const text = `The customer’s e-mail address ${email} is verified: they repeated the code that was mailed there.`;
  await addMessage(
    tx,
    {
      ...{ conversation: id, kind: 'note', author: 'service', platformId: `verified:${event.id}`, at: event.at },
      ...{ parts: [{ type: 'text', text }], detail: { forNextTicket: true } },
    },
    [helpdeskOf(connected)],
  );
}
