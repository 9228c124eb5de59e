import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { MessengerSimulator, SalesforceSimulator, ZendeskSimulator } from '../contract.ts';
import { type MailSimulator, startMailSimulator } from '../mail/simulator.ts';
import { startMessengerSimulator } from '../messenger/simulator.ts';
import { startSalesforceSimulator } from '../salesforce/simulator.ts';
import type { Simulator } from '../simulator.ts';
import { telegramBot } from '../telegram/sandbox.ts';
import { startZendeskSimulator } from '../zendesk/simulator.ts';
import { accounts, messengerAccount, salesforceAccount, zendeskAccount } from './account-data.ts';
import { type PlayedChannel, startChannels, webhookPath } from './channels.ts';
import { writeConfiguration } from './configuration.ts';
import { freePort } from './free-port.ts';
import { type Service, startService } from './service.ts';
import { startTap, type Tap } from './tap.ts';

export interface Platforms {
  messenger: MessengerSimulator;
  /** Every channel, Messenger first. */
  channels: readonly PlayedChannel[];
  zendesk: ZendeskSimulator;
  salesforce: SalesforceSimulator;
  /** A further account, whose tickets are Cases of the Salesforce org. */
  cases: PlayedChannel;
  /** Where codes are mailed. */
  mail: MailSimulator;
}

/** The channels, Zendesk, Salesforce and the service between them. */
export interface World extends Platforms {
  service: Service;
  /** Stands between the channels and the service. */
  tap: Tap;
  stop(): Promise<void>;
}

/** Every simulator by the kind of what it plays. */
export const simulatorsOf = ({
  channels,
  zendesk,
  salesforce,
}: Omit<Platforms, 'cases' | 'mail'>): Record<string, Simulator> => ({
  ...Object.fromEntries(channels.map(({ sandbox, simulator }) => [sandbox.kind, simulator])),
  zendesk,
  salesforce,
});

interface WorldOptions {
  /** The repository: where `src/main.ts` is. */
  root: string;
  /** Holds configuration, database and `service.log`; for a fresh start it is empty. */
  folder: string;
  say?: (line: string) => void;
  /** Lifts Zendesk's limits: a day of minutes makes more calls than a plan allows. */
  unlimited?: boolean;
}

/** Starts everything, in order; stops what had started if something fails. */
export async function startWorld({ root, folder, say = () => {}, unlimited = false }: WorldOptions): Promise<World> {
  const closers: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    await mkdir(folder, { recursive: true });
    return { ...(await assemble({ root, folder, say, unlimited }, closers)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const noLimits = { perMinute: 1e6, ticketUpdatesPerMinute: 1e6, incrementalPerMinute: 1e6 };

async function assemble(
  { root, folder, say, unlimited }: Required<WorldOptions>,
  closers: (() => Promise<void>)[],
): Promise<Omit<World, 'stop'>> {
  const closing = <T extends { close(): Promise<void> }>(thing: T): T => {
    closers.push(() => thing.close());
    return thing;
  };
  say('Starting the simulators of the channels, Zendesk and Salesforce');
  const port = await freePort();
  const tap = closing(await startTap(`http://127.0.0.1:${port}`));
  const messenger = closing(await startMessengerSimulator(messengerAccount));
  const channels = await startChannels(messenger, closing);
  const bot = telegramBot('4343:another-bot-token-0123456789');
  const cases = { sandbox: bot, account: accounts.casesBot, simulator: closing(await bot.start()) };
  for (const channel of [...channels, cases]) channel.simulator.setWebhookUrl(`${tap.url}${webhookPath(channel)}`);
  const zendesk = closing(
    await startZendeskSimulator({
      ...zendeskAccount,
      ...(unlimited ? { limits: noLimits } : {}),
      webhookUrl: `http://127.0.0.1:${port}/webhooks/zendesk/${accounts.helpdesk}`,
    }),
  );
  const salesforce = closing(await startSalesforceSimulator({ ...salesforceAccount }));
  const mail = closing(await startMailSimulator());
  const configPath = await writeConfiguration({
    folder,
    port,
    publicUrl: tap.url,
    channels,
    cases,
    zendeskUrl: zendesk.url,
    salesforceUrl: salesforce.url,
    mail,
    unlimited,
  });
  say(process.env['DATABASE_URL'] ? 'Starting the service' : 'Starting the service and its own Postgres');
  const service = await startService({
    root,
    configPath,
    port,
    logPath: join(folder, 'service.log'),
    waiting: (ms) => say(`  still starting (${Math.round(ms / 1000)} s)`),
  });
  closers.push(() => service.stop());
  return { messenger, channels, cases, zendesk, salesforce, mail, service, tap };
}
