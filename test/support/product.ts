import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Log, makeLog, silentLog } from '../../src/kit/log.ts';
import { accountKinds, startService } from '../../src/main.ts';
import { startMessengerSimulator } from '../../src/sandbox/messenger/simulator.ts';
import { startSalesforceSimulator } from '../../src/sandbox/salesforce/simulator.ts';
import { startZendeskSimulator } from '../../src/sandbox/zendesk/simulator.ts';
import { readConfiguration } from '../../src/settings/configuration.ts';
import { openDatabase } from '../../src/store/database.ts';
import { freshDatabase } from './database.ts';
import { expectNoThrows, listeningForThrows } from './thrown-jobs.ts';

export const messengerAccount = {
  pageId: '555',
  pageName: 'Acme',
  appId: '9911',
  appSecret: 'app-secret-1',
  pageToken: 'PAGE-TOKEN-1',
  humanAgent: true,
};
export const verifyToken = 'verify-1';
export const zendeskAccount = { clientId: 'zd-client', clientSecret: 'zd-secret', webhookSecret: 'zd-webhook-secret' };
const salesforceAccount = { clientId: 'sf-client', clientSecret: 'sf-secret' };

export interface ProductOptions {
  /** Merged over the only channel's configuration. */
  channel?: Record<string, unknown>;
  /** Merged over the only helpdesk's. */
  helpdesk?: Record<string, unknown>;
  /** Merged over the only CRM's. */
  crm?: Record<string, unknown>;
  mapping?: Record<string, unknown>;
  /** The channel's tickets are Cases of the Salesforce org; merged over that helpdesk's settings. */
  cases?: Record<string, unknown>;
  settings?: Record<string, unknown>;
  /** Merged over the settings for files. */
  media?: Record<string, unknown>;
  /**
   * The address by which the service reaches its database, made of the real one: through a proxy, as another user… Only
   * with it may jobs throw; else whoever stops the product is told.
   */
  databaseFor?: (url: string) => string | Promise<string>;
  log?: Log;
}

export type Product = Awaited<ReturnType<typeof startProduct>>;

/** The whole product on a database of its own: the service in this process, the three simulators, real HTTP between. */
export async function startProduct(options: ProductOptions = {}) {
  const database = await freshDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-product-'));
  const [messenger, zendesk, salesforce] = await Promise.all([
    startMessengerSimulator(messengerAccount),
    startZendeskSimulator(zendeskAccount),
    startSalesforceSimulator(salesforceAccount),
  ]);
  const file = join(folder, 'passerelle.yaml');
  await writeFile(join(folder, 'mapping.yaml'), stringify(options.mapping ?? {}));
  const { pageName: _, ...channel } = messengerAccount;
  await writeFile(
    file,
    stringify({
      server: { port: 0, host: '127.0.0.1' },
      channels: [
        {
          id: 'acme-page',
          kind: 'messenger',
          ...channel,
          verifyToken,
          apiUrl: messenger.url,
          // The simulators act at once, or never.
          actsWithin: '4s',
          helpdesk: options.cases ? 'acme-cases' : 'acme-zendesk',
          crm: 'acme-salesforce',
          ...options.channel,
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
          ...options.helpdesk,
        },
        ...(options.cases
          ? [
              {
                id: 'acme-cases',
                kind: 'salesforce',
                loginUrl: salesforce.url,
                actsWithin: '4s',
                ...salesforceAccount,
                ...options.cases,
              },
            ]
          : []),
      ],
      crms: [
        {
          id: 'acme-salesforce',
          kind: 'salesforce',
          loginUrl: salesforce.url,
          instanceUrl: salesforce.url,
          ...salesforceAccount,
          ...options.crm,
        },
      ],
      // On a busy machine copying takes longer than a text waits by default.
      media: { dir: join(folder, 'media'), allowedHosts: ['127.0.0.1'], textWaits: '20s', ...options.media },
      ...options.settings,
    }),
  );
  const serviceUrl = (await options.databaseFor?.(database.url)) ?? database.url;
  const read = readConfiguration({ path: file, env: { DATABASE_URL: serviceUrl }, kinds: accountKinds() });
  if (!read.ok) throw new Error(`the test's configuration is wrong: ${JSON.stringify(read.mistakes)}`);
  const given = options.log ?? (process.env['TEST_LOG'] ? makeLog(process.env['TEST_LOG']) : silentLog);
  const { log, thrown } = listeningForThrows(given);
  let service: Awaited<ReturnType<typeof startService>>;
  // Made by hand beforehand; the port is known only afterwards.
  zendesk.setWebhookUrl('http://127.0.0.1:9/webhooks/zendesk/acme-zendesk');
  const start = async () => {
    service = await startService(read.settings, read.mapping, log);
    const url = `http://127.0.0.1:${service.port}`;
    messenger.setWebhookUrl(`${url}/webhooks/messenger/acme-page`);
    zendesk.setWebhookUrl(`${url}/webhooks/zendesk/acme-zendesk`);
    return url;
  };
  const url = await start();
  const db = openDatabase(database.url, 2);
  return {
    url,
    /** Ends the service alone; the platforms go on. */
    stopService: () => service.stop(),
    /** Starts it again, on another port: resolves with its address. */
    startAgain: start,
    configuration: read,
    /** The configuration it runs with, for the command line. */
    file,
    databaseUrl: database.url,
    folder,
    messenger,
    zendesk,
    salesforce,
    db,
    stop: async () => {
      await service.stop();
      await db.destroy();
      await Promise.all([messenger.close(), zendesk.close(), salesforce.close()]);
      await database.drop();
      await rm(folder, { recursive: true, force: true });
      if (!options.databaseFor) expectNoThrows(thrown);
    },
  };
}
