import type { Subscription } from '../../domain/finding.ts';
import type { TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Http } from '../../kit/http.ts';
import type { Connection } from '../../salesforce/connection.ts';
import { hasCode, troubleOf } from '../../salesforce/outcome.ts';
import { listenTo, type StreamEvent } from '../../salesforce/stream.ts';
import type { ListenEnd, ListenOptions } from '../helpdesk.ts';
import type { SalesforceDesk } from './account.ts';
import type { Authors } from './authors.ts';
import { longId } from './callback.ts';

/** The field of the event that names the Case. */
const caseField = 'Case_Id__c';

/** Listens to the platform event that a flow of the org publishes when somebody writes on a Case in public. */
export async function listenForCases(
  desk: SalesforceDesk,
  event: string,
  connection: Connection,
  authors: Authors,
  http: Http,
  { from, heard, signal }: ListenOptions,
): Promise<ListenEnd> {
  const me = await authors.own();
  if (me.result !== 'done') return me;
  const after = from === undefined ? undefined : Number(from);
  return listenTo(connection, http, desk.apiVersion, {
    channel: `/event/${event}`,
    after: Number.isSafeInteger(after) ? after : undefined,
    onEvents: (events) => heard(casesIn(events, me.value), String(events.at(-1)?.replayId)),
    signal,
  });
}

/** What this service itself wrote is nothing to look at. */
function casesIn(events: readonly StreamEvent[], me: string): TicketId[] {
  const cases = events.flatMap(({ payload }) => {
    const id = payload[caseField];
    return typeof id === 'string' && payload['CreatedById'] !== me ? [longId(id) as TicketId] : [];
  });
  return [...new Set(cases)];
}

/** Whether the org has the event; without it replies are found once a minute. */
export async function checkEvent(
  desk: SalesforceDesk,
  event: string | undefined,
  connection: Connection,
): Promise<Outcome<Subscription>> {
  if (!event) return done({ ok: true });
  const reply = await connection.ask({ method: 'GET', path: `/sobjects/${event}/describe` });
  if (reply.result === 'done') return done({ ok: true });
  if (!hasCode(reply, 'NOT_FOUND')) return troubleOf(reply, true);
  return done({
    ok: false,
    why: `the org has no platform event ${event} that the user may see`,
    fix: `run passerelle provision salesforce ${desk.id}; until then agents’ replies go out within a minute instead of at once`,
  });
}
