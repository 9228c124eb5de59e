import { type MediaLinks, makeMediaLinks } from '../flows/media-links.ts';
import { atMost } from '../kit/at-most.ts';
import { type Budgets, memoryBudgets, sharedBudgets } from '../kit/budgets.ts';
import { systemClock } from '../kit/clock.ts';
import type { DatabaseWatch } from '../kit/database-watch.ts';
import { makeDownload } from '../kit/download.ts';
import { makeHttp } from '../kit/http.ts';
import type { Log } from '../kit/log.ts';
import { makeMailer } from '../kit/mailer.ts';
import { memoryTokens, type SharedTokens } from '../kit/shared-tokens.ts';
import type { Tools } from '../kit/tools.ts';
import type { Settings } from '../settings/settings.ts';
import { type Database, openPool } from '../store/database.ts';
import { startEmbeddedPostgres } from '../store/embedded-postgres.ts';
import type { Vault } from '../store/vault.ts';

/** What a start leaves behind to be closed, the latest first. */
export type Closer = () => Promise<void> | void;

/** Links to files need an address of ours that the platforms reach. */
export async function linksOf(
  { server, media }: Settings,
  db: Database,
  vault: Vault,
): Promise<MediaLinks | undefined> {
  const { publicUrl } = server;
  return publicUrl === undefined
    ? undefined
    : makeMediaLinks(db, vault, { publicUrl, linkForMs: media.linkForMs, now: systemClock.now });
}

/** An embedded Postgres is stopped in the end, unless it is `shared` and ran already. */
export async function databaseUrl(settings: Settings, log: Log, closers: Closer[], use?: 'shared'): Promise<string> {
  if (settings.database.url) return settings.database.url.reveal();
  const embedded = await startEmbeddedPostgres(settings.database.dataDir);
  log.info('database.embedded', { dataDir: settings.database.dataDir });
  if (!use || !embedded.wasRunning) closers.push(() => embedded.stop());
  return embedded.url;
}

/** Two connections of their own: whoever waits for a call must not hold up those who write the ledger. */
export function openBudgets(url: string, watch: DatabaseWatch, closers: Closer[]): Budgets {
  const pool = openPool(url, 2, watch.saw);
  closers.push(() => atMost(3_000, pool.end()));
  return sharedBudgets(pool);
}

/** What replicas share: in the ledger for the service, in memory for a command that runs beside it. */
export interface Shared {
  budgets: Budgets;
  tokens: SharedTokens;
}

export const sharedByNobody = (): Shared => ({ budgets: memoryBudgets(), tokens: memoryTokens() });

export function makeTools(settings: Settings, log: Log, closers: Closer[], { budgets, tokens }: Shared): Tools {
  closers.push(() => budgets.close());
  const http = makeHttp();
  closers.push(() => http.close());
  const { allowedHosts, maxBytes, timeoutMs } = settings.media;
  return {
    http,
    download: makeDownload({ allowedHosts, maxBytes, timeoutMs }),
    tokens,
    budgets,
    ...(settings.server.publicUrl ? { publicUrl: settings.server.publicUrl } : {}),
    ...(settings.mail ? { mail: makeMailer(settings.mail) } : {}),
    clock: systemClock,
    log,
  };
}
