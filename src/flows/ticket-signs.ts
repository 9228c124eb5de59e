import { changesAt, signsOf, type TicketSigns } from '../domain/ticket-signs.ts';
import { answerUntil } from '../domain/window.ts';
import type { Queryable } from '../store/database.ts';
import { type Look, strongestEvidence } from '../store/ticket-signs.ts';
import { windowOf } from './platform-policy.ts';
import { lastReplyState } from './reply-state.ts';
import type { ConnectedChannel, World } from './world.ts';

/** What there is to say on a ticket now, and the note that it was looked at. */
export interface FoundSigns {
  signs: TicketSigns;
  look: Omit<Look, 'ticket'>;
}

export async function findSigns(
  { policy, tools }: Pick<World, 'policy' | 'tools'>,
  db: Queryable,
  connected: ConnectedChannel,
  about: { conversation: number; customer: number; lastCustomerAt: Date | undefined; ticket?: number | undefined },
): Promise<FoundSigns> {
  const now = tools.clock.now();
  const until = answerUntil(about.lastCustomerAt, windowOf(policy, connected, now));
  const reply = await lastReplyState(db, about.conversation, about.ticket);
  const strongest = await strongestEvidence(db, about.customer);
  const signs = signsOf(now, { until, lastCustomerAt: about.lastCustomerAt }, reply, strongest);
  return { signs, look: { customer: about.customer, seenAt: now, lookAt: changesAt(signs, now) } };
}
