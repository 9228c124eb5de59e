import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { MessengerSimulator } from '../../src/sandbox/contract.ts';
import { startMessengerSimulator } from '../../src/sandbox/messenger/simulator.ts';
import { startSalesforceSimulator } from '../../src/sandbox/salesforce/simulator.ts';
import type { Simulator } from '../../src/sandbox/simulator.ts';
import { startZendeskSimulator } from '../../src/sandbox/zendesk/simulator.ts';
import { type PlannedFault, pages } from './plan.ts';

export const appSecret = 'app-secret-1';
const pageIds = Array.from({ length: pages }, (_, n) => `55${n}`);
export const accountOf = (page: number): string => `page-${page}`;
const pageOf = (page: number) => ({
  pageId: pageIds[page]!,
  pageName: `Acme ${page}`,
  appId: '9911',
  appSecret,
  pageToken: `PAGE-TOKEN-${page}`,
  humanAgent: true,
});
const zendeskAccount = { clientId: 'zd-client', clientSecret: 'zd-secret', webhookSecret: 'zd-webhook-secret' };
const salesforceAccount = { clientId: 'sf-client', clientSecret: 'sf-secret' };

export type Platforms = Awaited<ReturnType<typeof startPlatforms>>;

/** The simulators of a round: several pages of one Meta app, one Zendesk, one Salesforce. */
export async function startPlatforms() {
  const messengers = await Promise.all(pageIds.map((_, page) => startMessengerSimulator(pageOf(page))));
  const [zendesk, salesforce] = await Promise.all([
    startZendeskSimulator(zendeskAccount),
    startSalesforceSimulator(salesforceAccount),
  ]);
  zendesk.setRateLimit(1_000_000);
  const all: Simulator[] = [...messengers, zendesk, salesforce];
  return {
    messengers: messengers as readonly (MessengerSimulator & { setWebhookUrl(url: string): void })[],
    zendesk,
    salesforce,
    /** From now on webhooks go here. */
    callAt(front: string): void {
      for (const [page, messenger] of messengers.entries())
        messenger.setWebhookUrl(`${front}/webhooks/messenger/${accountOf(page)}`);
      zendesk.setWebhookUrl(`${front}/webhooks/zendesk/desk`);
    },
    inject({ platform, page, fault }: PlannedFault): void {
      const simulators = { messenger: messengers[page]!, zendesk, salesforce };
      simulators[platform].inject(fault);
    },
    /** How many still wait to be met. */
    faults: () => all.reduce((sum, simulator) => sum + simulator.faults().length, 0),
    clearFaults: () => {
      for (const simulator of all) simulator.clearFaults();
    },
    /** Webhooks of customers that were not taken yet. */
    owed: () => messengers.reduce((sum, { webhooks }) => sum + webhooks.owed(), 0),
    close: async () => {
      await Promise.all(all.map((simulator) => simulator.close()));
    },
  };
}

/** Writes the configuration that all replicas of the round share; port and database come from the environment. */
export async function writeConfiguration(folder: string, { messengers, zendesk, salesforce }: Platforms) {
  await mkdir(folder, { recursive: true });
  const configuration = {
    server: { host: '127.0.0.1' },
    channels: messengers.map(({ url }, page) => {
      const { pageName: _, ...account } = pageOf(page);
      const rest = { verifyToken: 'verify-1', apiUrl: url, actsWithin: '4s', helpdesk: 'desk', crm: 'crm' };
      return { id: accountOf(page), kind: 'messenger', ...account, ...rest };
    }),
    helpdesks: [{ id: 'desk', kind: 'zendesk', url: zendesk.url, actsWithin: '4s', ...zendeskAccount }],
    crms: [
      { id: 'crm', kind: 'salesforce', loginUrl: salesforce.url, instanceUrl: salesforce.url, ...salesforceAccount },
    ],
    media: { dir: join(folder, 'media'), allowedHosts: ['127.0.0.1'] },
  };
  await writeFile(join(folder, 'passerelle.yaml'), stringify(configuration));
}
