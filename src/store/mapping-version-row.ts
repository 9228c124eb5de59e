import type { ColumnType, Generated } from 'kysely';

/** Where a version of the mapping came from: the file at a start, somebody who applied it, or a return to an earlier one. */
export type MappingSourceName = 'file' | 'apply' | 'rollback';

/** One version of the mapping; `text` as it was written. */
export interface MappingVersionRow {
  number: number;
  text: string;
  source: MappingSourceName;
  who: string;
  at: ColumnType<Date, Date | undefined, Date>;
  comment: string | null;
  state: Generated<'in-force' | 'past'>;
}
