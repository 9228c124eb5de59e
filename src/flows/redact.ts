import { conversationKey } from '../domain/conversation-key.ts';
import { audited } from '../store/audit.ts';
import { type Conversation, conversationById } from '../store/conversations.ts';
import { lockConversation } from '../store/locks.ts';
import { messagesByIds } from '../store/messages.ts';
import { blankRepeats, firstWebhookOf, keysOf, namesOf, saidIn, userNamesOf } from '../store/redaction.ts';
import type { Operations } from './operations.ts';
import { type Removed, removeMessages } from './remove-messages.ts';

export interface RedactRequest {
  what: { message: number } | { conversation: number };
  /** Tell what would be done, do nothing. */
  dryRun: boolean;
  /** Who asks: `cli:ann`, `key:shop`. */
  who: string;
  now: Date;
}

export interface RedactReport {
  dryRun: boolean;
  /** Messages asked for. */
  asked: number;
  /** Of these, how many had been removed before. */
  already: number;
  /** Rows of the ledger that were emptied: the messages, late files, notes that quote them. */
  messages: number;
  files: number;
  /** Raw bodies that were emptied beside those that told the messages: of repeats, of answers and reactions to them. */
  webhooks: number;
}

/** So many messages a transaction. */
const chunk = 100;

/**
 * Removes what somebody said, for good: from the ledger and the vault at once, from tickets and from the CRM's history by
 * the catch-up jobs, which go on until it is done or show it as parked. What makes a second webhook a repeat stays. May be asked
 * again. Undefined: there is no such message or conversation.
 */
export async function redact(operations: Operations, request: RedactRequest): Promise<RedactReport | undefined> {
  const { db } = operations;
  const found = await foundBy(operations, request.what);
  if (!found) return undefined;
  const { conversation, ids } = found;
  const already = (await messagesByIds(db, ids)).filter(({ redacted }) => redacted).length;
  const report: RedactReport = {
    dryRun: request.dryRun,
    asked: ids.length,
    already,
    messages: 0,
    files: 0,
    webhooks: 0,
  };
  const connected = operations.accounts.get(conversation.account);
  if (request.dryRun || !connected) return report;
  const subject = Object.entries(request.what).map(([what, id]) => `${what} ${id}`)[0]!;
  await audited(db, { who: request.who, what: 'redact', subject, detail: { messages: ids.length } });
  for (let start = 0; start < ids.length; start += chunk) {
    const some = ids.slice(start, start + chunk);
    const removed = await db.transaction().execute(async (tx): Promise<Removed> => {
      await lockConversation(tx, conversationKey(conversation.account, conversation.platformUser));
      return removeMessages(tx, operations.queue, connected, conversation, some, request.now);
    });
    report.messages += removed.messages;
    report.files += removed.files;
  }
  return { ...report, webhooks: await emptyRepeats(operations, conversation, request.what, ids) };
}

async function foundBy(
  { db }: Operations,
  what: RedactRequest['what'],
): Promise<{ conversation: Conversation; ids: number[] } | undefined> {
  const [message] = 'message' in what ? await messagesByIds(db, [what.message]) : [];
  if ('message' in what && message?.kind !== 'said') return undefined;
  const conversation = await conversationById(db, 'conversation' in what ? what.conversation : message!.conversation);
  if (!conversation) return undefined;
  return { conversation, ids: message ? [message.id] : await saidIn(db, conversation.id) };
}

/** What the platform delivered twice has no event that leads to it: it is found by the names that stand in it. */
async function emptyRepeats(
  { db }: Operations,
  conversation: Conversation,
  what: RedactRequest['what'],
  ids: readonly number[],
): Promise<number> {
  const { account, platformUser } = conversation;
  const first = await firstWebhookOf(db, account, await keysOf(db, ids));
  if (first === undefined) return 0;
  const names = 'message' in what ? await namesOf(db, ids) : await userNamesOf(db, account, platformUser);
  return blankRepeats(db, account, names.flatMap(spellings), first);
}

/** As it stands in JSON, with slashes escaped, or in a form. */
const spellings = (name: string): string[] => [
  ...new Set([name, name.replaceAll('/', '\\/'), encodeURIComponent(name)]),
];
