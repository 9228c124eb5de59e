import { sql } from 'kysely';
import type { Queryable, Tx } from './database.ts';
import type { MappingSourceName } from './mapping-version-row.ts';

/** One version of the mapping; `number` counts from 1. */
export interface MappingVersion {
  number: number;
  source: MappingSourceName;
  /** `file`, or who applied it, as in the audit. */
  who: string;
  at: Date;
  comment: string | undefined;
  state: 'in-force' | 'past';
}

export type NewMappingVersion = Pick<MappingVersion, 'source' | 'who' | 'comment'> & { text: string };

const columns = ['number', 'source', 'who', 'at', 'comment', 'state'] as const;

/** Until the transaction ends nobody else adds a version. */
export async function lockMapping(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('passerelle:mapping'))`.execute(tx);
}

/** Puts a version in force, in place of the one before. Under `lockMapping`. */
export async function addMappingVersion(tx: Tx, { text, source, who, comment }: NewMappingVersion): Promise<number> {
  await tx.updateTable('mapping_versions').set({ state: 'past' }).where('state', '=', 'in-force').execute();
  const { rows } = await sql<{ number: number }>`
    insert into mapping_versions (number, text, source, who, comment)
    select coalesce(max(number), 0) + 1, ${text}, ${source}, ${who}, ${comment ?? null} from mapping_versions
    returning number`.execute(tx);
  return rows[0]!.number;
}

/** Undefined before the first start. */
export async function mappingInForce(db: Queryable): Promise<number | undefined> {
  const row = await db
    .selectFrom('mapping_versions')
    .select('number')
    .where('state', '=', 'in-force')
    .executeTakeFirst();
  return row?.number;
}

export async function mappingVersion(
  db: Queryable,
  number: number,
): Promise<(MappingVersion & { text: string }) | undefined> {
  const row = await db
    .selectFrom('mapping_versions')
    .select([...columns, 'text'])
    .where('number', '=', number)
    .executeTakeFirst();
  return row && { ...row, comment: row.comment ?? undefined };
}

/** The latest first, those with smaller numbers than `before`. */
export async function mappingVersions(db: Queryable, limit: number, before?: number): Promise<MappingVersion[]> {
  const rows = await db
    .selectFrom('mapping_versions')
    .select(columns)
    .$if(before !== undefined, (query) => query.where('number', '<', before!))
    .orderBy('number', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, comment: row.comment ?? undefined }));
}

/** The text of the latest version that came from the file. */
export async function latestFromFile(db: Queryable): Promise<string | undefined> {
  const row = await db
    .selectFrom('mapping_versions')
    .select('text')
    .where('source', '=', 'file')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.text;
}

/** False in a ledger that this release has not brought up to date yet. */
export async function hasMappingVersions(db: Queryable): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('mapping_versions') is not null as there`.execute(
    db,
  );
  return rows[0]?.there ?? false;
}
