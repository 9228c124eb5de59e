import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { load } from './door.ts';
import type { LoadResult } from './load.ts';
import { type ServiceProcess, startServiceProcess } from './service-process.ts';

const usual = { connections: 64, customers: 2_000 };

/** Until each process has its code compiled for speed, though three get a third of the load each. */
const warmUpSeconds = 6;

/** The door with so many replicas on one Postgres (fsync on), the same connections spread over them; each number on a new database. */
export async function measureReplicas(replicas: number, seconds: number): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-replicas-'));
  // As root, Postgres runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres(folder);
  const services: ServiceProcess[] = [];
  try {
    for (let n = 0; n < replicas; n++) services.push(await startServiceProcess({ databaseUrl: postgres.url }));
    const url = services.map(({ hook }) => hook);
    await load({ ...usual, url, seconds: warmUpSeconds });
    return await load({ ...usual, url, seconds });
  } finally {
    await Promise.all(services.map((service) => service.stop()));
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
