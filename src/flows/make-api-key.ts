import { randomBytes } from 'node:crypto';
import type { ApiScope } from '../kit/api-scopes.ts';
import { sha256 } from '../kit/crypto.ts';
import { addApiKey } from '../store/api-keys.ts';
import { audited } from '../store/audit.ts';
import type { Database } from '../store/database.ts';

/** Makes a key of 256 random bits and keeps its SHA-256 only. Undefined when a key of that name is in use. */
export async function makeApiKey(
  db: Database,
  { name, scopes, who }: { name: string; scopes: readonly ApiScope[]; who: string },
): Promise<string | undefined> {
  const key = `psr_${randomBytes(32).toString('base64url')}`;
  return db.transaction().execute(async (tx) => {
    const added = await addApiKey(tx, { name, prefix: key.slice(0, 10), digest: sha256(key), scopes });
    if (!added) return undefined;
    await audited(tx, { who, what: 'key-created', subject: name, detail: { scopes } });
    return key;
  });
}
