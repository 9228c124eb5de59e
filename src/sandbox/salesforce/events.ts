import { randomInt, randomUUID } from 'node:crypto';
import { type Org, type Row, remember, stamp } from './org.ts';
import type { ObjectSchema } from './schema.ts';

/** Publishes a platform event. It is seen by listeners once the transaction it stands in has ended. */
export function publish(org: Org, name: string, fields: Record<string, unknown>): void {
  const { bus } = org;
  // Ids grow, and are not one after the other.
  bus.lastReplayId += randomInt(1, 5);
  const replayId = bus.lastReplayId;
  const payload = { CreatedDate: stamp(new Date()), CreatedById: org.userId, ...fields };
  const event = { replayId, EventUuid: randomUUID() };
  const made = { channel: `/event/${name}`, replayId, data: { schema: 'sandbox', payload, event } };
  bus.events.push(made);
  remember(org, () => void bus.events.splice(bus.events.indexOf(made), 1));
  setImmediate(() => {
    for (const listener of bus.listeners) listener();
  });
}

export const caseEvent = 'Passerelle_Case_Event__e';

/** The flows that an admin may have: what they watch, and when they publish. */
const flows: Record<string, (row: Row) => boolean> = {
  CaseComment: (row) => row['IsPublished'] === true,
  FeedItem: (row) => row['Visibility'] === 'AllUsers' && String(row['ParentId']).startsWith('500'),
};

/** What a record-triggered flow does after a record was saved. */
export function runFlows(org: Org, schema: ObjectSchema, row: Row): void {
  if (org.flows.has(schema.name) && org.schemas.has(caseEvent) && flows[schema.name]?.(row))
    publish(org, caseEvent, { Case_Id__c: row['ParentId'] });
}
