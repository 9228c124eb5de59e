import type { CrmSession } from '../crms/crm.ts';
import type { HelpdeskSession } from '../helpdesks/helpdesk.ts';
import { textDiff } from '../kit/text-diff.ts';
import type { Database, Queryable } from '../store/database.ts';
import { mappingVersion } from '../store/mapping-versions.ts';
import type { MappingReader } from './live-mapping.ts';
import type { NamedChannel } from './world.ts';

/** What working on the mapping takes, beside the service or within it. */
export interface MappingDesk {
  db: Database;
  reader: MappingReader;
  /** By account id. */
  channels: ReadonlyMap<string, NamedChannel>;
  helpdesks: ReadonlyMap<string, { id: string; session: HelpdeskSession }>;
  crms: ReadonlyMap<
    string,
    { id: string; session: CrmSession; limits: { descriptionLength: number; subjectLength: number } }
  >;
}

/** How version `b` differs from version `a`; undefined when there is no such version. */
export async function mappingDiff(db: Queryable, a: number, b: number): Promise<string | undefined> {
  const [before, after] = [await mappingVersion(db, a), await mappingVersion(db, b)];
  if (!before || !after) return undefined;
  return textDiff(before.text, after.text, { before: `version ${a}`, after: `version ${b}` });
}
