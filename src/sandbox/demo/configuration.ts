import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import {
  accounts,
  appSecret,
  consoleAdmin,
  crmAdminKey,
  marketingKey,
  messengerAccount,
  salesforceAccount,
  shopKey,
  verifyToken,
  zendeskAccount,
} from './account-data.ts';
import type { PlayedChannel } from './channels.ts';

interface Places {
  /** Where the service keeps its database and files. */
  folder: string;
  port: number;
  /** Where the world reaches the service. */
  publicUrl: string;
  channels: readonly PlayedChannel[];
  cases: PlayedChannel;
  zendeskUrl: string;
  salesforceUrl: string;
  /** The mail server. */
  mail: { host: string; port: number };
  /** Zendesk's limits are lifted. */
  unlimited: boolean;
}

/** Writes `passerelle.yaml` and its mapping into the folder; returns the configuration's path. */
export async function writeConfiguration(places: Places): Promise<string> {
  const path = join(places.folder, 'passerelle.yaml');
  await writeFile(join(places.folder, 'mapping.yaml'), stringify(mapping));
  await writeCampaignTexts(join(places.folder, 'notices', 'autumn-sale'));
  await writeFile(path, stringify(configuration(places)));
  return path;
}

/** Something to make a campaign of in the console. */
async function writeCampaignTexts(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [language, text] of Object.entries(campaignTexts))
    await writeFile(join(folder, `${language}.liquid`), text);
}

const campaignTexts = {
  en: 'Hello {{ customer.firstName | default: "there" }}, all tents are 20 % off until Sunday. Your code: {{ campaign.code }}\n',
  fr: 'Bonjour {{ customer.firstName }}, toutes les tentes sont à -20 % jusqu’à dimanche. Votre code : {{ campaign.code }}\n',
};

const mapping = {
  contacts: { externalIdField: 'Passerelle_Key__c' },
  history: { subject: '{{ channel.label }} conversation, ticket {{ ticket.id }}' },
  agentApp: {
    quickReplies: [
      {
        title: 'We look into it',
        text: {
          default: 'Hello {{ customer.name }}, thank you for writing. We look into it and answer here.',
          fr: 'Bonjour {{ customer.name }}, merci de votre message. Nous regardons et vous répondons ici.',
        },
      },
      {
        title: 'Did that help?',
        text: { default: 'Did that help you?', fr: 'Cela vous a-t-il aidé ?' },
        choices: [
          { title: '👍', payload: 'HELPED' },
          { title: '👎', payload: 'DID_NOT_HELP' },
        ],
      },
    ],
  },
};

/** The simulators act at once, or never. */
const actsWithin = '4s';

function configuration({
  folder,
  port,
  publicUrl,
  channels,
  cases,
  zendeskUrl,
  salesforceUrl,
  mail,
  unlimited,
}: Places) {
  const org = { kind: 'salesforce', loginUrl: salesforceUrl, instanceUrl: salesforceUrl, ...salesforceAccount };
  const limits = unlimited ? { ticketUpdatesPerMinute: 1e6 } : {};
  return {
    server: { port, host: '127.0.0.1', publicUrl },
    database: { dataDir: join(folder, 'postgres') },
    channels: [...channels.map(channel), { ...channel(cases), helpdesk: accounts.cases }],
    helpdesks: [
      { id: accounts.helpdesk, kind: 'zendesk', url: zendeskUrl, actsWithin, ...limits, appSecret, ...zendeskAccount },
      { id: accounts.cases, ...org, actsWithin, crm: accounts.crm },
    ],
    crms: [{ id: accounts.crm, ...org }],
    api: {
      keys: [
        { name: 'shop', key: shopKey, scopes: ['links', 'orders', 'consents'] },
        {
          name: 'crm-admin',
          key: crmAdminKey,
          scopes: ['customers:read', 'customers:write', 'mapping:read', 'mapping:write'],
        },
        { name: 'marketing', key: marketingKey, scopes: ['campaigns:read', 'campaigns:write'] },
      ],
    },
    notices: { lists: ['outdoor-news'] },
    console: { admins: [consoleAdmin] },
    media: { dir: join(folder, 'media'), allowedHosts: ['127.0.0.1'], textWaits: '10s' },
    mail: { host: mail.host, port: mail.port, encryption: 'none', from: 'Acme <chat@acme.example>' },
    mapping: join(folder, 'mapping.yaml'),
  };
}

function channel({ sandbox, account, simulator }: PlayedChannel) {
  const own = sandbox.kind === 'messenger' ? messenger(simulator.url) : sandbox.account(simulator);
  return { id: account, ...own, helpdesk: accounts.helpdesk, crm: accounts.crm };
}

function messenger(apiUrl: string) {
  const { pageId, appId, pageToken, appSecret, humanAgent } = messengerAccount;
  return {
    kind: 'messenger',
    pageId,
    appId,
    pageToken,
    appSecret,
    verifyToken,
    humanAgent,
    apiUrl,
    apiVersion: 'v26.0',
    actsWithin,
  };
}
