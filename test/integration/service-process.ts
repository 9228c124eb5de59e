import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { startMessengerSimulator } from '../../src/sandbox/messenger/simulator.ts';
import { startSalesforceSimulator } from '../../src/sandbox/salesforce/simulator.ts';
import { startZendeskSimulator } from '../../src/sandbox/zendesk/simulator.ts';
import { messengerAccount, verifyToken } from '../support/product.ts';
import { until } from '../support/until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Secrets {
  appSecret: string;
  pageToken: string;
  verifyToken: string;
  zendeskSecret: string;
  webhookSecret: string;
  salesforceSecret: string;
}

const usualSecrets: Secrets = {
  appSecret: messengerAccount.appSecret,
  pageToken: messengerAccount.pageToken,
  verifyToken,
  zendeskSecret: 'zd-secret',
  webhookSecret: 'zd-webhook-secret',
  salesforceSecret: 'sf-secret',
};

export interface ProcessOptions {
  /** Absent: the service starts its own Postgres in the folder. */
  databaseUrl?: string;
  logLevel?: 'debug' | 'info' | 'warn';
  secrets?: Secrets;
}

export type ServiceInAProcess = Awaited<ReturnType<typeof prepareService>>;

/** The three simulators, and the service as a process of its own that can be killed and started again on the same port. */
export async function prepareService({ databaseUrl, logLevel = 'info', secrets = usualSecrets }: ProcessOptions) {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-process-'));
  // As root, Postgres runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const page = { ...messengerAccount, appSecret: secrets.appSecret, pageToken: secrets.pageToken };
  const zendeskAccount = {
    clientId: 'zd-client',
    clientSecret: secrets.zendeskSecret,
    webhookSecret: secrets.webhookSecret,
  };
  const salesforceAccount = { clientId: 'sf-client', clientSecret: secrets.salesforceSecret };
  const [messenger, zendesk, salesforce, port] = await Promise.all([
    startMessengerSimulator(page),
    startZendeskSimulator(zendeskAccount),
    startSalesforceSimulator(salesforceAccount),
    freePort(),
  ]);
  const { pageName: _, ...channel } = page;
  const accounts = { helpdesk: 'acme-zendesk', crm: 'acme-salesforce' };
  const configuration = {
    server: { port, host: '127.0.0.1' },
    ...(databaseUrl ? {} : { database: { dataDir: join(folder, 'data') } }),
    log: { level: logLevel },
    channels: [
      {
        id: 'acme-page',
        kind: 'messenger',
        ...channel,
        verifyToken: secrets.verifyToken,
        apiUrl: messenger.url,
        actsWithin: '4s',
        ...accounts,
      },
    ],
    helpdesks: [
      {
        id: 'acme-zendesk',
        kind: 'zendesk',
        url: zendesk.url,
        ticketUpdatesPerMinute: 1_000_000,
        actsWithin: '4s',
        ...zendeskAccount,
      },
    ],
    crms: [
      {
        id: 'acme-salesforce',
        kind: 'salesforce',
        loginUrl: salesforce.url,
        instanceUrl: salesforce.url,
        ...salesforceAccount,
      },
    ],
    media: { dir: join(folder, 'media'), allowedHosts: ['127.0.0.1'] },
  };
  await writeFile(join(folder, 'passerelle.yaml'), stringify(configuration));
  const url = `http://127.0.0.1:${port}`;
  messenger.setWebhookUrl(`${url}/webhooks/messenger/acme-page`);
  zendesk.setWebhookUrl(`${url}/webhooks/zendesk/acme-zendesk`);
  const output: string[] = [];
  let child: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const { DATABASE_URL: _url, PORT: _port, ...env } = process.env;
    const started = spawn(process.execPath, ['--no-warnings', join(root, 'src/main.ts'), 'start'], {
      cwd: folder,
      env: {
        ...env,
        NODE_OPTIONS: '',
        PASSERELLE_CONFIG: join(folder, 'passerelle.yaml'),
        ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [started.stdout, started.stderr]) stream.on('data', (chunk) => output.push(String(chunk)));
    child = started;
    await until('the service is ready', () => started.exitCode !== null || isReady(url), 60_000);
    if (started.exitCode !== null) throw new Error(`the service ended: ${output.join('').slice(-2_000)}`);
  };
  /** A command of the operator's, on the same configuration. Resolves with its exit code and what it printed. */
  const run = (...args: string[]): Promise<{ code: number | null; out: string }> => {
    const { DATABASE_URL: _url, PORT: _port, ...env } = process.env;
    const command = spawn(process.execPath, ['--no-warnings', join(root, 'src/main.ts'), ...args], {
      cwd: folder,
      env: {
        ...env,
        NODE_OPTIONS: '',
        PASSERELLE_CONFIG: join(folder, 'passerelle.yaml'),
        ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    for (const stream of [command.stdout, command.stderr])
      stream.on('data', (chunk) => {
        out += chunk;
      });
    return new Promise((ended) => command.once('close', (code) => ended({ code, out })));
  };
  /** Resolves with how it ended once it has. */
  const end = async (signal: NodeJS.Signals): Promise<{ code: number | null; ms: number }> => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null) return { code: ending?.exitCode ?? null, ms: 0 };
    const startedAt = performance.now();
    const ended = new Promise<number | null>((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    return { code: await ended, ms: performance.now() - startedAt };
  };
  return {
    url,
    folder,
    messenger,
    zendesk,
    salesforce,
    start,
    end,
    run,
    pid: () => child?.pid,
    /** All it wrote so far, in all its lives. */
    log: () => output.join(''),
    close: async () => {
      await end('SIGTERM');
      await Promise.all([messenger.close(), zendesk.close(), salesforce.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer().on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => found(port));
    });
  });
}
