import type { ApiScope } from '../../kit/api-scopes.ts';
import { sameInConstantTime, sha256 } from '../../kit/crypto.ts';
import type { Secret } from '../../kit/secret.ts';
import { apiKeyByDigest, apiKeyUsed } from '../../store/api-keys.ts';
import type { Database } from '../../store/database.ts';

/** A key that stands in the configuration. */
export interface ConfiguredKey {
  name: string;
  key: Secret;
  scopes: readonly ApiScope[];
}

/** Whoever calls the API. */
export interface Caller {
  name: string;
  scopes: readonly string[];
}

export type Credentials = (presented: string) => Promise<Caller | undefined>;

/** Keys made by the command line begin so; nothing else is looked up in the database. */
const ownPrefix = 'psr_';
const longest = 512;

/** Tells whose key it is. Of keys only hashes are kept, and all of the configured ones are compared, in constant time. */
export function makeCredentials(db: Database, configured: readonly ConfiguredKey[], now: () => Date): Credentials {
  const known = configured.map(({ name, key, scopes }) => ({ name, scopes, digest: sha256(key.reveal()) }));
  return async (presented) => {
    if (presented.length > longest) return undefined;
    const digest = sha256(presented);
    const [fits] = known.filter((each) => sameInConstantTime(each.digest, digest));
    if (fits) return { name: fits.name, scopes: fits.scopes };
    if (!presented.startsWith(ownPrefix)) return undefined;
    const stored = await apiKeyByDigest(db, digest);
    if (!stored) return undefined;
    await apiKeyUsed(db, stored, now());
    return { name: stored.name, scopes: stored.scopes };
  };
}
