import { done, type Outcome } from '../../domain/outcome.ts';
import type { Connection } from '../../salesforce/connection.ts';
import { hasCode, type Reply, troubleOf } from '../../salesforce/outcome.ts';
import { isApiName } from '../../salesforce/soql.ts';
import type { RecordToErase } from '../crm.ts';

/**
 * Deletes a record, by its id or by our key; one that is gone already is done. What a Task said is emptied first, for deleted
 * records stay in the org's recycle bin for 15 days.
 */
export async function eraseRecord(connection: Connection, record: RecordToErase): Promise<Outcome<void>> {
  if (!isApiName(record.object) || (record.key && !isApiName(record.key.field)))
    return { result: 'never', why: 'the mapping names an object or field that is not an API name' };
  for (const path of pathsOf(record)) {
    const emptied =
      record.object === 'Task'
        ? await connection.ask({ method: 'PATCH', path: `${path}${onlyIfThere}`, body: blank })
        : undefined;
    if (emptied && emptied.result !== 'done' && !isGone(emptied)) return troubleOf(emptied, true);
    const deleted = emptied && isGone(emptied) ? emptied : await connection.ask({ method: 'DELETE', path });
    if (deleted.result !== 'done' && !isGone(deleted)) return troubleOf(deleted, true);
  }
  return done(undefined);
}

/** By a key an update of what is not there would make it. */
const onlyIfThere = '?updateOnly=true';

const blank = { Subject: 'Erased', Description: null, WhoId: null };

function pathsOf({ object, id, key }: RecordToErase): string[] {
  const byId = id ? [`/sobjects/${object}/${encodeURIComponent(id)}`] : [];
  if (!key || /^\.{0,2}$/.test(key.value)) return byId;
  return [...byId, `/sobjects/${object}/${key.field}/${encodeURIComponent(key.value)}`];
}

const isGone = (reply: Reply): boolean => hasCode(reply, 'ENTITY_IS_DELETED', 'NOT_FOUND', 'MALFORMED_ID');
