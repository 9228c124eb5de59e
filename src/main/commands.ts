import type { ChannelAccount } from '../channels/channel.ts';
import type { ChannelAccounts } from '../cli/channel-accounts.ts';
import type { PolicyDesk } from '../cli/policy.ts';
import type { GoodConfiguration } from '../cli/program.ts';
import { seconds } from '../domain/duration.ts';
import type { MappingDesk } from '../flows/mapping-desk.ts';
import { openOperations } from '../flows/open-operations.ts';
import { reconcileSince } from '../flows/reconcile-channel.ts';
import { makeMetrics } from '../http/metrics.ts';
import { catchTheRest } from '../kit/last-resort.ts';
import { type Log, makeLog, silentLog } from '../kit/log.ts';
import { step } from '../kit/step.ts';
import { openQueue } from '../queue/queue.ts';
import type { Settings } from '../settings/settings.ts';
import { migrate, openDatabase } from '../store/database.ts';
import { openVault } from '../store/vault.ts';
import { connect } from './connect.ts';
import { type Closer, databaseUrl, makeTools, sharedByNobody } from './outside.ts';
import { startService } from './service.ts';

/** Whoever stops a service kills it a little later (Docker: after 10 s); this is before that. */
const goneWithinMs = 9_500;

/** Something does not let go, such as a database that does not answer. It is as after a crash, which loses nothing. */
function cut(log: Log): void {
  log.warn('service.cut', { why: `it had not stopped after ${goneWithinMs} ms` });
  process.exit(0);
}

/** Runs until a signal; a second one while stopping changes nothing. */
export async function runService({ settings, mapping }: GoodConfiguration): Promise<void> {
  const log = makeLog(settings.log.level);
  const service = await startService(settings, mapping, log).catch((error: Error) => {
    log.error('service.not-started', { why: error.message });
    process.exit(1);
  });
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    step('stop.asked');
    setTimeout(() => cut(log), goneWithinMs).unref();
    await service.stop();
    log.info('service.stopped');
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  catchTheRest(log);
}

/** For the command line: beside a service that may be running on the same ledger. */
export async function reconcileFor({ settings }: GoodConfiguration, id: string, back: number) {
  const closers: Closer[] = [];
  try {
    const tools = makeTools(settings, silentLog, closers, sharedByNobody());
    const connections = connect(settings, tools);
    const connected = connections.channels.get(id);
    if (!connected)
      return { cannot: `No channel account is called ${id}: ${[...connections.channels.keys()].join(', ')}.` };
    if (!connected.channel.readHistory)
      return { cannot: `${connected.channel.label} has no history that can be read.` };
    const url = await databaseUrl(settings, silentLog, closers, 'shared');
    const db = openDatabase(url, 4);
    closers.push(() => db.destroy());
    await migrate(db);
    const queue = await openQueue(url, silentLog);
    closers.push(() => queue.stop(seconds(2)));
    const meters = makeMetrics(db, { saw: () => false, isAway: () => false }, new Set());
    const world = { db, queue, tools, meters, channels: connections.channels };
    return await reconcileSince(world, connected, new Date(tools.clock.now().getTime() - back));
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

export const ledgerPlace = ({ database }: Settings) => ({ url: database.url?.reveal(), dataDir: database.dataDir });

export const accountsOf = ({ channels: accounts }: Settings) =>
  new Map(accounts.map((account) => [account.id, { account: account as unknown as ChannelAccount }]));

/** The channel accounts with nothing around them: neither ledger nor service need run. */
export function openChannels({ settings }: GoodConfiguration): ChannelAccounts {
  const closers: Closer[] = [];
  const tools = makeTools(settings, silentLog, closers, sharedByNobody());
  return {
    accounts: [...connect(settings, tools).channels.values()],
    tools,
    close: async () => {
      for (const close of closers.reverse()) await close();
    },
  };
}

/** For the command line: where copies of files are. */
export const openVaultOf = ({ settings }: GoodConfiguration) => openVault(settings.media);

/** For the command line: the ledger beside the service, and the accounts, to work on the mapping. */
export async function openMappingDesk({
  settings,
  mapping,
}: GoodConfiguration): Promise<MappingDesk & { close(): Promise<void> }> {
  const closers: Closer[] = [];
  const tools = makeTools(settings, silentLog, closers, sharedByNobody());
  const { channels, helpdesks, crms } = connect(settings, tools);
  const joinedFields = () => mapping.people.joinedFields;
  const { db, close } = await openOperations(ledgerPlace(settings), accountsOf(settings), joinedFields);
  closers.push(close);
  return {
    ...{ db, reader: mapping.source, channels, helpdesks, crms },
    close: async () => {
      for (const each of closers.reverse()) await each();
    },
  };
}

/** For the command line: the rules of the platforms and the accounts; the ledger once it is asked for. */
export async function openPolicy({ settings }: GoodConfiguration): Promise<PolicyDesk & { close(): Promise<void> }> {
  const closers: Closer[] = [];
  const tools = makeTools(settings, silentLog, closers, sharedByNobody());
  const { channels } = connect(settings, tools);
  return {
    policy: settings.policy,
    channels,
    ledger: async () => {
      const { db, close } = await openOperations(ledgerPlace(settings), accountsOf(settings), () => ({}));
      closers.push(close);
      return db;
    },
    close: async () => {
      for (const each of closers.reverse()) await each();
    },
  };
}
