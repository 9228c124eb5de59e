import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { makeLog, silentLog } from '../../src/kit/log.ts';
import { accountKinds, startService } from '../../src/main.ts';
import type { ChannelSandbox } from '../../src/sandbox/contract.ts';
import { freePort } from '../../src/sandbox/demo/free-port.ts';
import { startZendeskSimulator } from '../../src/sandbox/zendesk/simulator.ts';
import { readConfiguration } from '../../src/settings/configuration.ts';
import { openDatabase } from '../../src/store/database.ts';
import { freshDatabase } from './database.ts';
import { expectNoThrows, listeningForThrows } from './thrown-jobs.ts';

/** Of the app beside the ticket. */
export const appSecret = 'an-app-secret-of-more-than-32-characters';

const zendeskAccount = { clientId: 'zd-client', clientSecret: 'zd-secret', webhookSecret: 'zd-webhook-secret' };

export type ChannelProduct = Awaited<ReturnType<typeof startChannelProduct>>;
export type ChannelsProduct = Awaited<ReturnType<typeof startChannelsProduct>>;

/** The service with one account of one channel (`more` of its settings), its simulator and Zendesk's, on a database of its own. */
export async function startChannelProduct(
  sandbox: ChannelSandbox,
  more: Record<string, unknown> = {},
  mapping?: Record<string, unknown>,
) {
  const { played, ...product } = await startChannelsProduct([sandbox], more, mapping);
  return { ...product, ...played[0]! };
}

/** The same with an account of each of several channels; `settings` is put over the service's own. */
export async function startChannelsProduct(
  sandboxes: readonly ChannelSandbox[],
  more: Record<string, unknown> = {},
  mapping?: Record<string, unknown>,
  settings: Record<string, unknown> = {},
) {
  const database = await freshDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-channel-'));
  const [zendesk, port, ...platforms] = await Promise.all([
    startZendeskSimulator(zendeskAccount),
    freePort(),
    ...sandboxes.map((sandbox) => sandbox.start()),
  ]);
  const url = `http://127.0.0.1:${port}`;
  const played = sandboxes.map((sandbox, i) => {
    const id = `acme-${sandbox.kind}`;
    return { sandbox, id, platform: platforms[i]!, webhookUrl: `${url}/webhooks/${sandbox.kind}/${id}` };
  });
  const file = join(folder, 'passerelle.yaml');
  const configuration = {
    server: { port, host: '127.0.0.1', publicUrl: url },
    channels: played.map(({ id, sandbox, platform }) => ({
      id,
      ...sandbox.account(platform),
      helpdesk: 'acme-zendesk',
      ...more,
    })),
    helpdesks: [
      {
        id: 'acme-zendesk',
        kind: 'zendesk',
        url: zendesk.url,
        ticketUpdatesPerMinute: 1_000_000,
        actsWithin: '4s',
        appSecret,
        ...zendeskAccount,
      },
    ],
    media: { dir: join(folder, 'media'), allowedHosts: ['127.0.0.1'] },
    // Access tokens that are renewed are kept in the database, sealed.
    secrets: { keys: [randomBytes(32).toString('base64')] },
    ...settings,
  };
  await writeFile(file, stringify(configuration));
  if (mapping) await writeFile(join(folder, 'mapping.yaml'), stringify(mapping));
  const read = readConfiguration({ path: file, env: { DATABASE_URL: database.url }, kinds: accountKinds() });
  if (!read.ok) throw new Error(`the test's configuration is wrong: ${JSON.stringify(read.mistakes)}`);
  const { log, thrown } = listeningForThrows(process.env['TEST_LOG'] ? makeLog(process.env['TEST_LOG']) : silentLog);
  zendesk.setWebhookUrl(`${url}/webhooks/zendesk/acme-zendesk`);
  const service = await startService(read.settings, read.mapping, log);
  for (const { platform, webhookUrl } of played) platform.setWebhookUrl(webhookUrl);
  const db = openDatabase(database.url, 2);
  return {
    url,
    /** The configuration. */
    file,
    databaseUrl: database.url,
    played,
    zendesk,
    db,
    stop: async () => {
      await service.stop();
      await db.destroy();
      await Promise.all([...platforms.map((platform) => platform.close()), zendesk.close()]);
      await database.drop();
      await rm(folder, { recursive: true, force: true });
      expectNoThrows(thrown);
    },
  };
}
