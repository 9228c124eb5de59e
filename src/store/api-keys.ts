import type { Queryable } from './database.ts';

/** An API key as it is kept: never the key itself, only its SHA-256. */
export interface StoredApiKey {
  id: number;
  name: string;
  /** How the key begins, for people to tell keys apart. */
  prefix: string;
  scopes: string[];
  createdAt: Date;
  lastUsedAt: Date | undefined;
  revokedAt: Date | undefined;
}

/** False when a key of that name is in use. */
export async function addApiKey(
  db: Queryable,
  key: { name: string; prefix: string; digest: Buffer; scopes: readonly string[] },
): Promise<boolean> {
  const row = await db
    .insertInto('api_keys')
    .values({ ...key, scopes: [...key.scopes] })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** False when there is no such key in use. */
export async function revokeApiKey(db: Queryable, name: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('api_keys')
    .set({ revoked_at: new Date() })
    .where('name', '=', name)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The key in use with this digest. Looking a digest up tells nothing of the key by its timing. */
export async function apiKeyByDigest(db: Queryable, digest: Buffer): Promise<StoredApiKey | undefined> {
  const row = await db
    .selectFrom('api_keys')
    .selectAll()
    .where('digest', '=', digest)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row && keyOf(row);
}

/** Noted once a minute at most, so that reading through the API writes little. */
export async function apiKeyUsed(db: Queryable, { id, lastUsedAt }: StoredApiKey, now: Date): Promise<void> {
  if (now.getTime() - (lastUsedAt?.getTime() ?? 0) < 60_000) return;
  await db.updateTable('api_keys').set({ last_used_at: now }).where('id', '=', id).execute();
}

export async function apiKeys(db: Queryable): Promise<StoredApiKey[]> {
  const rows = await db.selectFrom('api_keys').selectAll().orderBy('id').execute();
  return rows.map(keyOf);
}

function keyOf(row: {
  id: number;
  name: string;
  prefix: string;
  scopes: string[];
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}): StoredApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
  };
}
