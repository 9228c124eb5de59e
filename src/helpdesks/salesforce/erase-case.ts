import type { TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Connection } from '../../salesforce/connection.ts';
import { hasCode, troubleOf } from '../../salesforce/outcome.ts';
import type { ErasingWay } from '../helpdesk.ts';

/** Deletes a Case with its comments, feed and files. Emptying them one by one is not offered: feeds keep what was said. */
export async function eraseCase(connection: Connection, ticket: TicketId, how: ErasingWay): Promise<Outcome<void>> {
  if (how === 'redact') return onlyWhole;
  const reply = await connection.ask({ method: 'DELETE', path: `/sobjects/Case/${encodeURIComponent(ticket)}` });
  const isGone = hasCode(reply, 'ENTITY_IS_DELETED', 'NOT_FOUND', 'MALFORMED_ID');
  return reply.result === 'done' || isGone ? done(undefined) : troubleOf(reply, true);
}

const onlyWhole: Outcome<void> = {
  result: 'never',
  why: 'a Case cannot keep its comments without their words: set privacy.helpdesk to delete and ask again, or remove it by hand',
};
