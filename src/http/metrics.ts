import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Meters } from '../flows/meters.ts';
import type { DatabaseWatch } from '../kit/database-watch.ts';
import type { Database } from '../store/database.ts';
import { backlogs } from '../store/deliveries.ts';
import { mediaBacklogs } from '../store/media.ts';
import { openNoticeCounts } from '../store/notices.ts';
import { parkedEventCounts } from '../store/parked-events.ts';
import { waitingTargets } from '../store/target-states.ts';
import { watches } from '../store/watches.ts';
import { inTime } from './in-time.ts';

export interface Metrics extends Meters {
  /** Seconds a webhook took at the door, from its last byte to the answer. */
  door(channel: string, seconds: number): void;
  /** The page Prometheus reads. Backlogs are counted in the ledger when it is asked for. */
  page(): Promise<{ contentType: string; body: string }>;
}

type Watch = Pick<DatabaseWatch, 'saw' | 'isAway'>;

const quick = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const slow = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200];

/** `kinds` are the labels a refusal may carry: a stranger's URL must not make up more. */
export function makeMetrics(db: Database, watch: Watch, kinds: ReadonlySet<string>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers });
  const events = counter('passerelle_events_total', 'Events of verified webhooks, each counted once.', [
    'channel',
    'type',
    'outcome',
  ]);
  const recovered = counter(
    'passerelle_recovered_total',
    "Messages that no webhook told, found in the platform's history.",
    ['channel'],
  );
  const refused = counter('passerelle_webhooks_refused_total', 'Webhooks refused at the door.', ['channel', 'reason']);
  const deliveries = counter('passerelle_deliveries_total', 'Attempts to deliver, by how they ended.', [
    'target',
    'outcome',
  ]);
  const media = counter('passerelle_media_total', "Tries to copy a customer's file, by how they ended.", [
    'target',
    'outcome',
  ]);
  const mediaBytes = counter('passerelle_media_stored_bytes_total', "Bytes of customers' files that were copied.", [
    'target',
  ]);
  const links = counter('passerelle_links_total', 'Signed links that somebody came with, by what became of them.', [
    'outcome',
  ]);
  const notices = counter('passerelle_notices_total', 'Notices, by what became of them.', ['outcome']);
  const noticesHeld = counter('passerelle_notices_held_total', 'Notices that wait or were refused, by the reason.', [
    'reason',
  ]);
  const histogram = (name: string, help: string, label: string, buckets: number[]) =>
    new Histogram({ name, help, labelNames: [label], buckets, registers });
  const door = histogram('passerelle_door_seconds', 'Webhook in, commit, answer.', 'channel', quick);
  const delivery = histogram('passerelle_delivery_seconds', 'From commit to done.', 'target', slow);
  const refreshLedgerGauges = makeLedgerGauges(registry, db, watch);
  return {
    event: (channel, type, outcome) => events.inc({ channel, type, outcome }),
    recovered: (channel, messages) => recovered.inc({ channel }, messages),
    refused: (channel, reason) => refused.inc({ channel: kinds.has(channel) ? channel : 'other', reason }),
    delivery: (target, outcome, ms) => {
      deliveries.inc({ target, outcome });
      if (ms !== undefined) delivery.observe({ target }, ms / 1000);
    },
    media: (target, outcome, bytes) => {
      media.inc({ target, outcome });
      if (bytes !== undefined) mediaBytes.inc({ target }, bytes);
    },
    notice: (outcome) => notices.inc({ outcome }),
    noticeHeld: (reason) => noticesHeld.inc({ reason }),
    link: (outcome) => links.inc({ outcome }),
    door: (channel, seconds) => door.observe({ channel }, seconds),
    page: async () => {
      await refreshLedgerGauges();
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

function makeLedgerGauges(registry: Registry, db: Database, watch: Watch): () => Promise<void> {
  const gauge = (name: string, help: string, label = 'target') =>
    new Gauge({ name, help, labelNames: [label], registers: [registry] });
  const backlog = gauge('passerelle_backlog', 'Messages that wait for a target.');
  const age = gauge('passerelle_backlog_age_seconds', 'Age of the oldest message that waits for a target.');
  const parked = gauge('passerelle_parked', 'Messages parked: a person must look.');
  const paused = gauge(
    'passerelle_target_paused',
    '1 while a target is down or its account is broken, and its work waits.',
  );
  const subscription = gauge('passerelle_subscription_ok', '0 while a platform does not call our webhook.', 'account');
  const silent = gauge('passerelle_silent', '1 while nothing has come for an unusual time.', 'account');
  const parkedEvents = gauge(
    'passerelle_parked_events',
    'Events that could not be applied: a person must look.',
    'account',
  );
  const uncopied = gauge('passerelle_media_waiting', "Customers' files that are still to be copied.");
  const openNotices = gauge('passerelle_notices_open', 'Notices that are planned and not sent yet.', 'state');
  new Gauge({
    name: 'passerelle_database_away',
    help: '1 while the database cannot be used. What is counted in the ledger is missing then.',
    registers: [registry],
    collect() {
      this.set(watch.isAway() ? 1 : 0);
    },
  });
  return async () => {
    const known = await inTime(
      () =>
        Promise.all([
          backlogs(db),
          waitingTargets(db),
          watches(db),
          parkedEventCounts(db),
          mediaBacklogs(db),
          openNoticeCounts(db),
        ]),
      watch,
    );
    const [found, broken, watched, events, files, planned] = known ?? [[], [], [], [], [], []];
    for (const each of [backlog, age, parked, paused, subscription, silent, parkedEvents, uncopied, openNotices])
      each.reset();
    for (const { state, count } of planned) openNotices.set({ state }, count);
    for (const { target, subscribed, silentSince } of watched) {
      const account = target.slice(target.indexOf(':') + 1);
      if (subscribed !== undefined) subscription.set({ account }, subscribed ? 1 : 0);
      if (target.startsWith('channel:')) silent.set({ account }, silentSince ? 1 : 0);
    }
    for (const { target, waiting, oldest, parked: held } of found) {
      backlog.set({ target }, waiting);
      age.set({ target }, oldest);
      parked.set({ target }, held);
      paused.set({ target }, 0);
    }
    for (const { account, parked: held } of events) parkedEvents.set({ account }, held);
    for (const { target, waiting } of files) uncopied.set({ target }, waiting);
    for (const { target } of broken) paused.set({ target }, 1);
  };
}
