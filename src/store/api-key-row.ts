import type { ColumnType, GeneratedAlways } from 'kysely';

/** A key of the API that was made here, by its SHA-256. */
export interface ApiKeyRow {
  id: GeneratedAlways<number>;
  name: string;
  prefix: string;
  digest: Buffer;
  scopes: string[];
  created_at: ColumnType<Date, Date | undefined, Date>;
  last_used_at: Date | null;
  revoked_at: Date | null;
}
