import { makeAgentApp } from '../agent-app/router.ts';
import { milliseconds, seconds } from '../domain/duration.ts';
import { seedMapping } from '../flows/change-mapping.ts';
import { policyFindings } from '../flows/doctor/policy-check.ts';
import type { CheckOptions } from '../flows/doctor/run-checks.ts';
import { makeHelpdeskCalls } from '../flows/helpdesk-calls.ts';
import { listenToHelpdesks } from '../flows/listen-to-helpdesks.ts';
import { type LiveMapping, openLiveMapping } from '../flows/live-mapping.ts';
import { noticingOutages } from '../flows/notice-outage.ts';
import { makeTakeInShop } from '../flows/take-in-shop-webhook.ts';
import { makeTakeIn } from '../flows/take-in-webhook.ts';
import { makeTargetHealth } from '../flows/target-health.ts';
import type { World } from '../flows/world.ts';
import { makeHealthDetail } from '../http/health-detail.ts';
import { makeMetrics } from '../http/metrics.ts';
import { listen, makeServer, stopListening } from '../http/server.ts';
import { atMost } from '../kit/at-most.ts';
import { type Log, silentLog } from '../kit/log.ts';
import { makePressure } from '../kit/pressure.ts';
import { step } from '../kit/step.ts';
import { watchedTools } from '../kit/watched-tools.ts';
import { openQueue, replicaName } from '../queue/queue.ts';
import { accountsDigest } from '../settings/digest.ts';
import type { Mapping } from '../settings/mapping.ts';
import type { Settings } from '../settings/settings.ts';
import type { Database } from '../store/database.ts';
import { migrateLedger, openDatabases } from '../store/databases.ts';
import { countReplicas } from '../store/replicas.ts';
import { sealFor } from '../store/seal-for.ts';
import { openVault } from '../store/vault.ts';
import { campaignsOf } from './campaigns.ts';
import { connect } from './connect.ts';
import { openConsole } from './console.ts';
import { examine } from './doctor.ts';
import { everyMs } from './every-ms.ts';
import { channels, helpdesks } from './kinds.ts';
import { noticeDeskOf } from './notice-desk.ts';
import { noticeRules, noticingOf } from './notice-rules.ts';
import { type Closer, databaseUrl, linksOf, makeTools, openBudgets } from './outside.ts';
import { startErasing, startTellingShop } from './privacy-workers.ts';
import { tokensOf } from './tokens.ts';
import { startTidying, startWorkers } from './workers.ts';

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
  const budgets = openBudgets(url, watch, closers);
  const tokens = tokensOf(settings, db, log);
  const made = makeTools(settings, log, closers, { budgets, tokens });
  const plain = await watchedTools(made, settings.telemetry.traces, closers);
  const tools = { ...plain, ...(links && { publish: links.publish }) };
  const queue = await openQueue(url, log, watch.saw);
  step('start.queue');
  closers.push(() => step('stop.idle'));
  closers.push(() => atMost(9_000, queue.stop(seconds(6))));
  closers.push(() => step('stop.deaf'));
  const connections = connect(settings, tools);
  // Rather no start than accounts whose work fails for want of a key.
  if ([...connections.channels.values()].some(({ channel }) => channel.renewsTokens)) sealFor(settings);
  const metrics = makeMetrics(db, watch, new Set([...channels.keys(), ...helpdesks.keys()]));
  const textWaits = milliseconds(settings.media.textWaitsMs);
  const health = makeTargetHealth({ db, queue, clock: tools.clock, log });
  const live = await liveMapping(db, mapping, log);
  const world: World = {
    ...{
      db,
      queue,
      tools,
      vault,
      textWaits,
      meters: metrics,
      health,
      notices: noticeRules(settings),
      policy: settings.policy,
      noticing: noticingOf(settings),
      ...connections,
    },
    get mapping() {
      return live.current();
    },
    mappingAt: live.at,
  };
  // The door goes first: while many webhooks wait for their commit, catching up steps back.
  const pressure = makePressure({ busyAt: 12, patienceMs: 500 });
  everyMs({ log, watch }, closers, replicasEvery, 'replicas', async () =>
    pressure.sharedBy(await countReplicas(db, replicaName)),
  );
  const outageOver = await startWorkers(world, settings, pressure, watch, closers);
  everyMs({ log, watch }, closers, mappingEvery, 'mapping', live.refresh);
  step('start.workers');
  closers.push(listenToHelpdesks(world));
  await startErasing(world, settings, { log, watch }, closers);
  await startTellingShop(world, settings, { log, watch }, closers);
  await startTidying(world, settings, { log, watch }, closers);
  const look = (options: Partial<CheckOptions>) =>
    examine(
      { settings, mapping: { ...live.current(), source: mapping.source } },
      { ...tools, log: silentLog, ledger: async () => db },
      { timeoutMs: 20_000, fix: false, ...options },
    );
  const detail = makeHealthDetail(() => look({}), tools.clock.now);
  const lookAgain = async (only: string, fix: boolean) => {
    const reports = (await look({ only, fix })).filter(({ account }) => account === only);
    detail.learn(reports);
    return reports;
  };
  const operations = {
    ...{ db, queue, accounts: connections.channels },
    joinedFields: () => live.current().people.joinedFields,
  };
  const desk = { db, reader: mapping.source, ...connections };
  const noticeDesk = noticeDeskOf(settings, tools);
  const campaigns = { ...campaignsOf(settings), db, queue, now: tools.clock.now };
  const pages = await openConsole(
    settings,
    {
      ...{ db, operations, mapping: desk, campaigns, ...connections, detail, lookAgain, log },
      notices: noticeDesk,
    },
    tools.clock.now,
    { log, watch },
    closers,
  );
  const server = makeServer({
    channels: [...connections.channels.values()],
    helpdesks: connections.callbacks,
    calls: makeHelpdeskCalls(world),
    shops: settings.shops,
    takeInShop: makeTakeInShop({ db, queue, log }),
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
    digest: accountsDigest(settings),
    detail,
    now: tools.clock.now,
    api: {
      operations,
      mapping: desk,
      campaigns,
      channels: connections.channels,
      tools,
      notices: world.notices,
      noticeDesk,
      keys: settings.api.keys,
      now: tools.clock.now,
    },
    console: pages.router,
    agentApp: makeAgentApp({ world, operations, desks: connections.callbacks }),
  });
  const port = await listen(server, settings.server.port, settings.server.host);
  closers.push(() => stopListening(server, 3_000, log));
  closers.push(pages.close);
  warnOfEndingRules(world, log);
  log.info('service.started', { port, ...countsOf(settings), ...webhooksOf(settings) });
  return port;
}

/** Replicas come and go seldom. */
const replicasEvery = 2_000;
function warnOfEndingRules({ policy, channels: accounts, tools }: World, log: Log): void {
  const kinds = new Set([...accounts.values()].map(({ channel }) => channel.kind));
  for (const { warning, what, why } of policyFindings(policy, kinds, tools.clock.now()))
    if (warning) log.warn('policy.ends', { what, why });
}

/** A new version of the mapping is noticed within so many milliseconds. Messages themselves know theirs at once. */
const mappingEvery = 1_000;

/** The file is the first version; later ones are in the ledger. */
async function liveMapping(db: Database, { source }: Mapping, log: Log): Promise<LiveMapping> {
  const { result, version, changed } = await seedMapping(db, source);
  if (result === 'taken') log.info('mapping.from-file', { version });
  if (result === 'not-taken') log[changed ? 'warn' : 'info']('mapping.file-not-taken', { version, file: source.file });
  return openLiveMapping(db, source, log);
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
