import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { makeMetrics } from '../../src/http/metrics.ts';
import type { Tables } from '../../src/store/tables.ts';
import { code, heading, page, table } from './markdown.ts';

const about = `Prometheus reads them at \`/metrics\`. Beside these stand those of the process itself (\`process_*\`, \`nodejs_*\`). What each is good for, and when
to worry: the [operator's guide](../guides/operator.md#metrics).

A target is \`channel:…\`, \`helpdesk:…\` or \`crm:…\` with an account's id. The gauges are counted in the ledger when the page is read, so every
replica tells the same; the counters and histograms are each replica's own.`;

/** docs/reference/metrics.md */
export async function metricsPage(): Promise<string> {
  const text = await filledPage();
  const metrics = [...text.matchAll(/^# HELP (passerelle_\S+) (.+)\n# TYPE \S+ (\S+)$/gm)];
  const rows = metrics.map(([, name = '', help = '', type = '']) => [
    code(name),
    type,
    labelsOf(text, name).map(code).join(', '),
    help,
  ]);
  return page(heading('Metrics', about), table(['name', 'type', 'labels', 'what'], rows));
}

/** The metrics page with a sample of each, for labels only show on samples. */
async function filledPage(): Promise<string> {
  const metrics = makeMetrics(oneRowDatabase(), { saw: () => false, isAway: () => false }, new Set(['sample']));
  metrics.event('sample', 'message', 'taken');
  metrics.recovered('sample', 1);
  metrics.refused('sample', 'forged');
  metrics.delivery('helpdesk:sample', 'done', 1);
  metrics.media('channel:sample', 'stored', 1);
  metrics.link('used');
  metrics.notice('sent');
  metrics.noticeHeld('consent');
  metrics.door('sample', 1);
  return (await metrics.page()).body;
}

function labelsOf(text: string, name: string): string[] {
  if (new RegExp(`^${name} `, 'm').test(text)) return [];
  const sample = new RegExp(`^${name}(?:_count)?\\{([^}]*)\\}`, 'm').exec(text)?.[1];
  if (sample === undefined) throw new Error(`The metric ${name} has no sample to read its labels from.`);
  return [...sample.matchAll(/(\w+)="/g)].map(([, label = '']) => label);
}

/** Answers every query with a row that fits what the metrics ask. */
function oneRowDatabase(): Kysely<Tables> {
  const row = {
    account: 'sample',
    target: 'channel:sample',
    waiting: 1,
    subscribed: true,
    parked: 1,
    oldest: 1,
    reason: 'sample',
    state: 'waiting',
    count: 1,
    since: new Date(0),
  };
  class OneRowDriver extends DummyDriver {
    override async acquireConnection() {
      const connection = await super.acquireConnection();
      return Object.assign(connection, { executeQuery: async () => ({ rows: [row] }) });
    }
  }
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new OneRowDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}
