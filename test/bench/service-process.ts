import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

export const account = { pageId: '555', appId: '9911', pageToken: 'token', appSecret: 'secret', verifyToken: 'verify' };

/** The service as operators run it (`npm start`), on an embedded Postgres of its own with fsync on. */
export interface ServiceProcess {
  url: string;
  hook: string;
  /** Resident memory of the service's process in megabytes; Postgres is not in it. */
  megabytes(): Promise<number>;
  stop(): Promise<void>;
}

export interface Downstream {
  zendeskUrl?: string;
  salesforceUrl?: string;
  graphUrl?: string;
  /** Instead of an embedded Postgres of its own. */
  databaseUrl?: string;
  /** Zendesk has its usual limits. */
  limited?: boolean;
  /** A key of the shop. */
  shopKey?: string;
  /** Texts of campaigns in English, by their name. */
  texts?: Record<string, string>;
  /** Who signs in to the console. */
  consoleAdmin?: { email: string; password: string };
}

export async function startServiceProcess({
  zendeskUrl,
  salesforceUrl,
  graphUrl,
  databaseUrl,
  limited,
  texts = {},
  shopKey,
  consoleAdmin,
}: Downstream): Promise<ServiceProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-bench-'));
  // As root, Postgres runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const port = await freePort();
  const config = {
    server: { port, host: '127.0.0.1' },
    database: { dataDir: join(folder, 'data') },
    ...(shopKey ? { api: { keys: [{ name: 'shop', key: shopKey, scopes: ['orders'] }] } } : {}),
    ...(consoleAdmin ? { console: { admins: [consoleAdmin] } } : {}),
    channels: [
      {
        id: 'page',
        kind: 'messenger',
        ...account,
        apiUrl: graphUrl ?? 'http://127.0.0.1:9',
        ...(zendeskUrl ? { helpdesk: 'desk' } : {}),
        ...(salesforceUrl ? { crm: 'store' } : {}),
      },
    ],
    helpdesks: zendeskUrl
      ? [
          {
            id: 'desk',
            kind: 'zendesk',
            url: zendeskUrl,
            ticketUpdatesPerMinute: limited ? 100 : 1e6,
            accessToken: 'token',
            webhookSecret: 'hook',
          },
        ]
      : [],
    crms: salesforceUrl
      ? [{ id: 'store', kind: 'salesforce', loginUrl: salesforceUrl, clientId: 'client', clientSecret: 'secret' }]
      : [],
    log: { level: 'error' },
  };
  const file = join(folder, 'passerelle.yaml');
  await writeFile(file, stringify(config));
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(join(folder, 'notices', name), { recursive: true });
    await writeFile(join(folder, 'notices', name, 'en.liquid'), text);
  }
  const env = { ...process.env, PASSERELLE_CONFIG: file, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) };
  const runner = spawn(process.execPath, ['scripts/run.mjs', 'src/main.ts', 'start'], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url);
  return {
    url,
    hook: `${url}/webhooks/messenger/page`,
    megabytes: () => residentMegabytes(url),
    stop: () => stopped(runner, folder),
  };
}

export function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error('the service did not become ready');
}

export async function residentMegabytes(url: string): Promise<number> {
  const page = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\d+)/m.exec(page)?.[1]) / 1_000_000;
}

async function stopped(runner: ChildProcess, folder: string): Promise<void> {
  runner.kill('SIGTERM');
  await new Promise((ended) => runner.on('exit', ended));
  await rm(folder, { recursive: true, force: true });
}

/** Sum of a metric's samples. */
export async function sum(url: string, name: string): Promise<number> {
  const page = await (await fetch(`${url}/metrics`)).text();
  const samples = page.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return samples.reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
