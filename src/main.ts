import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import type { Channel, ChannelAccount } from './channels/channel.ts';
import * as channelRegistry from './channels/registry.ts';
import type { AccountFindings } from './cli/doctor.ts';
import { type GoodConfiguration, type ProgramDeps, runProgram } from './cli/program.ts';
import { atTheTerminal, processTerminal, type Terminal } from './cli/terminal.ts';
import type { Crm, CrmAccount } from './crms/crm.ts';
import * as crmRegistry from './crms/registry.ts';
import { milliseconds, seconds } from './domain/duration.ts';
import type { Mapping } from './domain/mapping.ts';
import { catchUpConversation } from './flows/catch-up-conversation.ts';
import { collectReplies } from './flows/collect-replies.ts';
import { copyFiles } from './flows/copy-files.ts';
import { lookAfterChannels } from './flows/look-after-channels.ts';
import { type MediaLinks, makeMediaLinks } from './flows/media-links.ts';
import { noticingOutages } from './flows/notice-outage.ts';
import { openOperations } from './flows/open-operations.ts';
import { reconcileChannel, reconcileSince } from './flows/reconcile-channel.ts';
import { reconcileEvery, reconcileHelpdesk } from './flows/reconcile-helpdesk.ts';
import { recordHistory } from './flows/record-history.ts';
import { sendReplies } from './flows/send-replies.ts';
import { sweepEvery, sweepVault } from './flows/sweep-vault.ts';
import { makeTakeIn } from './flows/take-in-webhook.ts';
import { makeTargetHealth } from './flows/target-health.ts';
import { tidyEvery, tidyLedger } from './flows/tidy-ledger.ts';
import { wakeForgotten } from './flows/wake-forgotten.ts';
import type { ConnectedChannel, World } from './flows/world.ts';
import type { Helpdesk, HelpdeskAccount } from './helpdesks/helpdesk.ts';
import * as helpdeskRegistry from './helpdesks/registry.ts';
import type { CallbackAccount } from './http/callbacks.ts';
import { makeMetrics } from './http/metrics.ts';
import { listen, makeServer, stopListening } from './http/server.ts';
import { atMost } from './kit/at-most.ts';
import { type Budgets, memoryBudgets, sharedBudgets } from './kit/budgets.ts';
import { systemClock } from './kit/clock.ts';
import type { DatabaseWatch } from './kit/database-watch.ts';
import { makeDownload } from './kit/download.ts';
import { faultOf } from './kit/fault.ts';
import { makeGate } from './kit/gate.ts';
import { makeHttp } from './kit/http.ts';
import { catchTheRest } from './kit/last-resort.ts';
import { type Log, makeLog, silentLog } from './kit/log.ts';
import { makePressure, type Pressure } from './kit/pressure.ts';
import { memoryTokens } from './kit/shared-tokens.ts';
import { step } from './kit/step.ts';
import type { Tools } from './kit/tools.ts';
import { watchedTools } from './kit/watched-tools.ts';
import { openQueue } from './queue/queue.ts';
import { readConfiguration } from './settings/configuration.ts';
import type { Environment } from './settings/fill-in.ts';
import type { Settings } from './settings/settings.ts';
import { type Database, migrate, openDatabase, openPool } from './store/database.ts';
import { migrateLedger, openDatabases } from './store/databases.ts';
import { startEmbeddedPostgres } from './store/embedded-postgres.ts';
import { checkVault, openVault, type Vault } from './store/vault.ts';

/** Kinds by name. A registry's values are all of the right shape, each with an account type of its own. */
const byKind = <Kind extends { kind: string }>(registry: Record<string, unknown>): Map<string, Kind> =>
  new Map(Object.values(registry as Record<string, Kind>).map((each) => [each.kind, each]));

export const channels = byKind<Channel>(channelRegistry);
export const helpdesks = byKind<Helpdesk>(helpdeskRegistry);
export const crms = byKind<Crm>(crmRegistry);

type Closer = () => Promise<void> | void;

/** The account schemas by section and kind, for the settings to check. */
export const accountKinds = () => ({
  channels: schemasOf(channels),
  helpdesks: schemasOf(helpdesks),
  crms: schemasOf(crms),
});

const schemasOf = (kinds: ReadonlyMap<string, { account: z.ZodType }>) =>
  Object.fromEntries([...kinds].map(([kind, { account }]) => [kind, account]));

export interface Service {
  port: number;
  /** Takes nothing more in, finishes what is under way within 10 s, hands back the rest. */
  stop(): Promise<void>;
}

/** Builds and starts everything, in order; unwinds it if a step fails. */
export async function startService(settings: Settings, mapping: Mapping, log: Log): Promise<Service> {
  const closers: Closer[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) {
      // One that fails must not keep the rest from closing: the embedded Postgres is among them.
      await Promise.resolve(close()).catch((error: Error) => log.error('service.stop-failed', { why: error.message }));
    }
  };
  try {
    const port = await start(settings, mapping, log, closers);
    return { port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(settings: Settings, mapping: Mapping, log: Log, closers: Closer[]): Promise<number> {
  const url = await databaseUrl(settings, log, closers);
  step('start.database');
  for (const name of await migrateLedger(url)) log.info('database.migrated', { name });
  step('start.migrated');
  const { db, doorDb, watch, progress, close } = openDatabases(url, log);
  closers.push(close);
  const vault = await openVault(settings.media);
  // Before the queue, so that it closes after it: calls of jobs under way are not cut.
  const links = await linksOf(settings, db, vault);
  const made = makeTools(settings, log, closers, openBudgets(url, watch, closers));
  const plain = await watchedTools(made, settings.telemetry.traces, closers);
  const tools = { ...plain, ...(links && { publish: links.publish }) };
  const queue = await openQueue(url, log, watch.saw);
  step('start.queue');
  closers.push(() => step('stop.idle'));
  closers.push(() => atMost(9_000, queue.stop(seconds(6))));
  closers.push(() => step('stop.deaf'));
  const connections = connect(settings, tools);
  const metrics = makeMetrics(db, watch, new Set([...channels.keys(), ...helpdesks.keys()]));
  const textWaits = milliseconds(settings.media.textWaitsMs);
  const health = makeTargetHealth({ db, queue, clock: tools.clock, log });
  const world: World = { db, queue, tools, mapping, vault, textWaits, meters: metrics, health, ...connections };
  // The door goes first: while many webhooks wait for their commit, catching up steps back.
  const pressure = makePressure({ busyAt: 32, patienceMs: 100 });
  const outageOver = await startWorkers(world, settings, pressure, watch, closers);
  step('start.workers');
  await startTidying(world, settings, { log, watch }, closers);
  const server = makeServer({
    channels: [...connections.channels.values()],
    helpdesks: connections.callbacks,
    takeIn: noticingOutages(
      pressure.counting(makeTakeIn({ db: doorDb, queue, meters: metrics, log, trace: tools.trace })),
      outageOver,
    ),
    db,
    doorDb,
    watch,
    progress,
    vault,
    links,
    metrics,
    log,
    maxBodyBytes: settings.server.maxBodyBytes,
    maxConnections: settings.server.maxConnections,
    publicUrl: settings.server.publicUrl,
    now: tools.clock.now,
    api: { operations: { db, queue, accounts: connections.channels }, keys: settings.api.keys, now: tools.clock.now },
  });
  const port = await listen(server, settings.server.port, settings.server.host);
  closers.push(() => stopListening(server, 3_000, log));
  log.info('service.started', { port, ...countsOf(settings), ...webhooksOf(settings) });
  return port;
}

/** Links to files need an address of ours that the platforms reach. */
async function linksOf({ server, media }: Settings, db: Database, vault: Vault): Promise<MediaLinks | undefined> {
  const { publicUrl } = server;
  return publicUrl === undefined
    ? undefined
    : makeMediaLinks(db, vault, { publicUrl, linkForMs: media.linkForMs, now: systemClock.now });
}

/** An embedded Postgres is stopped in the end, unless it is `shared` and ran already. */
async function databaseUrl(settings: Settings, log: Log, closers: Closer[], use?: 'shared'): Promise<string> {
  if (settings.database.url) return settings.database.url.reveal();
  const embedded = await startEmbeddedPostgres(settings.database.dataDir);
  log.info('database.embedded', { dataDir: settings.database.dataDir });
  if (!use || !embedded.wasRunning) closers.push(() => embedded.stop());
  return embedded.url;
}

/** Two connections of their own: whoever waits for a call must not hold up those who write the ledger. */
function openBudgets(url: string, watch: DatabaseWatch, closers: Closer[]): Budgets {
  const pool = openPool(url, 2, watch.saw);
  closers.push(() => atMost(3_000, pool.end()));
  return sharedBudgets(pool);
}

function makeTools(settings: Settings, log: Log, closers: Closer[], budgets: Budgets): Tools {
  closers.push(() => budgets.close());
  const http = makeHttp();
  closers.push(() => http.close());
  const { allowedHosts, maxBytes, timeoutMs } = settings.media;
  return {
    http,
    download: makeDownload({ allowedHosts, maxBytes, timeoutMs }),
    tokens: memoryTokens(),
    budgets,
    ...(settings.server.publicUrl ? { publicUrl: settings.server.publicUrl } : {}),
    clock: systemClock,
    log,
  };
}

/** The configured accounts with the code that speaks to them. Their schemas were checked when the settings were read. */
export function connect(settings: Settings, tools: Tools) {
  const callbacks: CallbackAccount[] = settings.helpdesks.map((account) => ({
    helpdesk: helpdesks.get(account.kind)!,
    account: account as unknown as HelpdeskAccount,
  }));
  for (const { helpdesk, account } of callbacks) {
    for (const warning of helpdesk.warnings(account))
      tools.log.warn('helpdesk.warning', { helpdesk: account.id, warning });
  }
  return {
    callbacks,
    channels: new Map(
      settings.channels.map((account): [string, ConnectedChannel] => [
        account.id,
        { channel: channels.get(account.kind)!, account: account as unknown as ChannelAccount },
      ]),
    ),
    helpdesks: new Map(
      callbacks.map(({ helpdesk, account }) => [
        account.id as string,
        { id: account.id as string, session: helpdesk.connect(account, tools), limits: helpdesk.limits },
      ]),
    ),
    crms: new Map(
      settings.crms.map((account) => {
        const crm = crms.get(account.kind)!;
        return [
          account.id,
          { id: account.id, session: crm.connect(account as unknown as CrmAccount, tools), limits: crm.limits },
        ];
      }),
    ),
  };
}

/** Returns what to call when an outage of the door is over. */
async function startWorkers(
  world: World,
  settings: Settings,
  pressure: Pressure,
  watch: DatabaseWatch,
  closers: Closer[],
): Promise<() => void> {
  const { reconcile: reconciling } = settings;
  const { queue, tools } = world;
  await queue.work('conversation', 8, async (key) => {
    await pressure.calm();
    return catchUpConversation(world, key);
  });
  const { concurrency, retryForMs } = settings.media;
  const copying = { retryFor: milliseconds(retryForMs), gate: makeGate(concurrency) };
  await queue.work('media', concurrency, async (key) => {
    await pressure.calm();
    return copyFiles(world, copying, key);
  });
  await queue.work('replies', 4, (key) => collectReplies(world, key));
  await queue.work('sends', 6, (key) => sendReplies(world, key));
  await queue.work('history', 4, async (key) => {
    await pressure.calm();
    return recordHistory(world, key);
  });
  await queue.work('vault-sweep', 1, () => sweepVault(world, milliseconds(settings.media.keepForMs)));
  await queue.work('reconcile', 1, (key) => reconcileHelpdesk(world, key));
  const told = { log: tools.log, watch };
  await queue.work('reconcile-channel', 2, (key) => reconcileChannel(world, key, reconciling));
  every(told, closers, 5_000, 'sweep', () => wakeForgotten(world, tools.clock.now()));
  every(told, closers, sweepEvery, 'vault-sweep', () => queue.wakeLater({ queue: 'vault-sweep', key: 'vault' }));
  const reconcile = () =>
    Promise.all([...world.helpdesks.keys()].map((key) => queue.wakeLater({ queue: 'reconcile', key })));
  await reconcile();
  every(told, closers, reconcileEvery, 'reconcile', reconcile);
  const looking = await lookAfterChannels(world, reconciling.every);
  closers.push(looking.stop);
  return looking.outageOver;
}

/** One replica at a time: there is one key. */
async function startTidying(
  { db, queue, tools }: World,
  { ledger }: Settings,
  told: Told,
  closers: Closer[],
): Promise<void> {
  const keep = { webhooks: milliseconds(ledger.keepWebhooksForMs), events: milliseconds(ledger.keepEventsForMs) };
  await queue.work('tidy', 1, () => tidyLedger({ db, tools }, keep));
  const tidy = () => queue.wakeLater({ queue: 'tidy', key: 'ledger' });
  await tidy();
  every(told, closers, tidyEvery, 'tidy', tidy);
}

/** Who hears of what fails. */
interface Told {
  log: Log;
  watch: DatabaseWatch;
}

function every({ log, watch }: Told, closers: Closer[], ms: number, name: string, run: () => Promise<unknown>): void {
  const timer = setInterval(() => {
    run().catch((error) => watch.saw(error) || log.error(`${name}.failed`, { ...faultOf(error) }));
  }, ms);
  closers.push(() => clearInterval(timer));
}

/** The addresses to enter at the platforms, if it is known how the internet reaches this service. */
function webhooksOf({ server, channels: c, helpdesks: h }: Settings): { webhooks?: string[] } {
  if (!server.publicUrl) return {};
  const base = server.publicUrl.replace(/\/+$/, '');
  return { webhooks: [...c, ...h].map(({ kind, id }) => `${base}/webhooks/${kind}/${id}`) };
}

const countsOf = ({ channels: c, helpdesks: h, crms: m }: Settings) => ({
  channels: c.length,
  helpdesks: h.length,
  crms: m.length,
});

/** Whoever stops a service kills it a little later (Docker: after 10 s); this is before that. */
const goneWithinMs = 9_500;

/** Something does not let go, such as a database that does not answer. It is as after a crash, which loses nothing. */
function cut(log: Log): void {
  log.warn('service.cut', { why: `it had not stopped after ${goneWithinMs} ms` });
  process.exit(0);
}

/** Runs until a signal; a second one while stopping changes nothing. */
async function runService({ settings, mapping }: GoodConfiguration): Promise<void> {
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
    const tools = makeTools(settings, silentLog, closers, memoryBudgets());
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
const ledgerPlace = ({ database }: Settings) => ({ url: database.url?.reveal(), dataDir: database.dataDir });

const accountsOf = ({ channels: accounts }: Settings) =>
  new Map(accounts.map((account) => [account.id, { account: account as unknown as ChannelAccount }]));

/** Every account's own health check, one after the other. */
async function findingsOf({ settings }: GoodConfiguration): Promise<AccountFindings[]> {
  const closers: Closer[] = [];
  const tools = makeTools(settings, silentLog, closers, memoryBudgets());
  const { channels: connected, helpdesks: desks, crms: stores, callbacks } = connect(settings, tools);
  const found: AccountFindings[] = [];
  for (const { channel, account } of connected.values()) {
    const findings = (await channel.checkHealth?.(account, tools)) ?? [];
    found.push({ account: account.id, kind: channel.kind, findings });
  }
  for (const { helpdesk, account } of callbacks) {
    const findings = (await desks.get(account.id)?.session.checkHealth()) ?? [];
    found.push({ account: account.id, kind: helpdesk.kind, findings });
  }
  for (const { id, session } of stores.values()) {
    found.push({ account: id, kind: kindOf(settings, id), findings: await session.checkHealth() });
  }
  found.push(await vaultFindings(settings));
  for (const close of closers) await close();
  return found;
}

async function vaultFindings({ media }: Settings): Promise<AccountFindings> {
  const kind = media.s3 ? 's3' : media.gcs ? 'gcs' : 'folder';
  const findings = await openVault(media).then(
    async (vault) => [await checkVault(vault)],
    (error: Error) => [{ ok: false, what: 'the store for copies of files cannot be opened', why: error.message }],
  );
  return { account: 'media', kind, findings };
}

const kindOf = ({ crms: accounts }: Settings, id: string) =>
  accounts.find((account) => account.id === id)?.kind ?? 'crm';

/** What the command line works with. */
export function programDeps(terminal: Terminal, env: Environment): ProgramDeps {
  const home = dirname(dirname(fileURLToPath(import.meta.url)));
  return {
    terminal,
    channels: Object.fromEntries(channels),
    readConfiguration: (path) => readConfiguration({ path, env, kinds: accountKinds(), home }),
    start: runService,
    findings: findingsOf,
    reconcile: reconcileFor,
    openOperations: ({ settings }) => openOperations(ledgerPlace(settings), accountsOf(settings)),
    who: atTheTerminal(),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // A reader that has seen enough (`passerelle explain … | head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  process.exitCode = await runProgram(process.argv.slice(2), programDeps(processTerminal, process.env));
}
