import { join } from 'node:path';
import { makeSeal, type Seal } from '../kit/seal.ts';
import type { Secret } from '../kit/secret.ts';
import { sealingKeyIn } from './sealing-key-file.ts';

/**
 * What seals tokens that are kept in the database. Without configured keys the embedded Postgres has a key beside its
 * data; with a Postgres of your own it throws, for a key must outlive this machine as the database does.
 */
export function sealFor(settings: { secrets: { keys: Secret[] }; database: { url?: Secret; dataDir: string } }): Seal {
  const { secrets, database } = settings;
  if (secrets.keys.length > 0) return makeSeal(secrets.keys);
  if (!database.url) return makeSeal([sealingKeyIn(join(database.dataDir, 'sealing-key'))]);
  throw new Error('tokens cannot be kept in the database without a key: set secrets.keys (openssl rand -base64 32)');
}

/** Whether there is a key to seal with. */
export const canSeal = ({ secrets, database }: Parameters<typeof sealFor>[0]): boolean =>
  secrets.keys.length > 0 || !database.url;
