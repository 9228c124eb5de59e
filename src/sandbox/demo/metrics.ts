/** One line of Prometheus text: a number with its labels. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** What the page and the script show of `/metrics`. */
export interface Figures {
  ready: boolean;
  /** Events of webhooks, by channel and by what became of them. */
  events: Record<string, Record<string, number>>;
  /** Work waiting, by target. */
  backlog: Record<string, number>;
  parked: Record<string, number>;
  paused: Record<string, number>;
  /** Calls made, by target and outcome. */
  deliveries: Record<string, Record<string, number>>;
  memoryMb: number;
}

/** Reads `/metrics` and `/health/ready`; a service that does not answer gives empty figures that are not ready. */
export async function readFigures(serviceUrl: string): Promise<Figures> {
  try {
    const [health, metrics] = await Promise.all([ask(`${serviceUrl}/health/ready`), ask(`${serviceUrl}/metrics`)]);
    return figuresOf(parseMetrics(await metrics.text()), health.ok);
  } catch {
    return figuresOf([], false);
  }
}

const ask = (url: string): Promise<Response> => fetch(url, { signal: AbortSignal.timeout(2_000) });

const line = /^([a-z_:][\w:]*)(?:\{(.*)\})? (\S+)/i;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Samples of the Prometheus text format; comments and histograms' buckets are left out. */
export function parseMetrics(text: string): Sample[] {
  return text.split('\n').flatMap((row) => {
    const found = line.exec(row);
    if (!found?.[1] || row.startsWith('#') || found[1].endsWith('_bucket')) return [];
    const labels = Object.fromEntries([...(found[2] ?? '').matchAll(label)].map(([, k, v]) => [k ?? '', v ?? '']));
    return [{ name: found[1], labels, value: Number(found[3]) }];
  });
}

function figuresOf(samples: Sample[], ready: boolean): Figures {
  const sum = (name: string, by: string) => summed(named(samples, name), by);
  return {
    ready,
    events: outcomes(named(samples, 'passerelle_events_total'), 'channel'),
    backlog: sum('passerelle_backlog', 'target'),
    parked: sum('passerelle_parked', 'target'),
    paused: sum('passerelle_target_paused', 'target'),
    deliveries: outcomes(named(samples, 'passerelle_deliveries_total'), 'target'),
    memoryMb: Math.round((named(samples, 'process_resident_memory_bytes')[0]?.value ?? 0) / 1e6),
  };
}

/** How often each outcome was had, by one more label. */
function outcomes(samples: Sample[], by: string): Record<string, Record<string, number>> {
  const of = (sample: Sample): string => sample.labels[by] ?? '';
  return Object.fromEntries(
    [...new Set(samples.map(of))].map((name) => [
      name,
      summed(
        samples.filter((sample) => of(sample) === name),
        'outcome',
      ),
    ]),
  );
}

const named = (samples: Sample[], name: string) => samples.filter((sample) => sample.name === name);

function summed(samples: Sample[], by: string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { labels, value } of samples) sums[labels[by] ?? ''] = (sums[labels[by] ?? ''] ?? 0) + value;
  return sums;
}

/** Everything together, whatever the label. */
export const total = (sums: Record<string, number>): number => Object.values(sums).reduce((a, b) => a + b, 0);
