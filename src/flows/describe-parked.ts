import type { Part } from '../domain/part.ts';
import { readableParts } from '../domain/readable-parts.ts';
import type { Queryable } from '../store/database.ts';
import { messagesByIds } from '../store/messages.ts';
import { type Parked, parkedById, parkedKey, parkedParts, storedEvent } from '../store/parked.ts';

/** A bubble of a parked reply. */
export interface ParkedBubble {
  position: number;
  what: 'text' | 'file' | 'template';
  state: string;
  /** Absent for a file, whose reason may name it. */
  reason?: string;
  startedAt?: Date;
  sentAt?: Date;
}

/** A parked thing with what was tried and what to do. `text` only when it is asked for: it is what people wrote. */
export interface ParkedDetail extends Parked {
  bubbles: ParkedBubble[];
  advice: string;
  text?: string;
}

/** Undefined when it is not parked (any more). */
export async function describeParked(db: Queryable, id: string, withText: boolean): Promise<ParkedDetail | undefined> {
  const parked = await parkedById(db, id);
  if (!parked) return undefined;
  const isReply = parked.message !== undefined && parked.target?.startsWith('channel:');
  const bubbles = isReply ? await parkedParts(db, parked.message!) : [];
  const text = withText ? await textOf(db, parked) : undefined;
  return { ...parked, bubbles, advice: adviceFor(parked, bubbles), ...(text === undefined ? {} : { text }) };
}

async function textOf(db: Queryable, { id, message }: Parked): Promise<string> {
  const key = parkedKey(id);
  if (key && 'event' in key) return JSON.stringify(await storedEvent(db, key.event));
  const [found] = message === undefined ? [] : await messagesByIds(db, [message]);
  return readableParts((found?.parts ?? []) as Part[], new Map());
}

function adviceFor({ what, target, kind }: Parked, bubbles: readonly ParkedBubble[]): string {
  if (what === 'event') {
    return 'A bug kept this event from being applied; what came after it was. Report the reason, update, then replay it; or discard it.';
  }
  if (target?.startsWith('channel:')) {
    return bubbles.some(({ state }) => state === 'unsure')
      ? 'Nobody knows whether all of it reached the customer. A replay looks that up before it sends anything; where the platform cannot tell, it is sent again only with --resend-unsure (resendUnsure). Or discard it: the agent was told.'
      : 'The agent was told by a note. Once the cause is mended, replay it: what was sent already stays sent, and the messaging window is judged anew. Otherwise discard it.';
  }
  if (kind === 'redaction') {
    return 'Words that were to be removed still stand there. Mend what the reason names, then replay it; or remove them there by hand, then discard it.';
  }
  if (target?.startsWith('crm:')) {
    return 'Mend at the CRM what the reason names (a field, a validation rule, a permission), then replay it. An entry is never written twice.';
  }
  return kind === 'note'
    ? 'A note that agents should have seen. Read it and tell them; then discard it. Or replay it once the conversation has an open ticket.'
    : 'Mend at the helpdesk what the reason names (a field, a form, a permission), then replay it: it comes as a comment on the conversation’s ticket, marked as late.';
}
