import type { Database } from '../../../store/database.ts';
import { ticketSeconds } from '../../../store/figure-counts.ts';
import { type Figure, figuresSince } from '../../../store/figures.ts';
import type { FigureStep, Figures, Range } from '../../wire/overview.ts';

const minute = 60_000;
const hour = 60 * minute;
const drawn: Record<Range, { stepMs: number; steps: number }> = {
  '1h': { stepMs: minute, steps: 60 },
  '24h': { stepMs: hour, steps: 24 },
  '7d': { stepMs: 6 * hour, steps: 28 },
  '30d': { stepMs: 24 * hour, steps: 30 },
};

/** The figures of a range, as they were last counted: at most some seconds ago. */
export async function figuresOf(db: Database, range: Range, offsetMinutes: number, now: Date): Promise<Figures> {
  const { stepMs, steps } = drawn[range];
  const offset = offsetMinutes * minute;
  const last = Math.floor((now.getTime() + offset) / stepMs) * stepMs - offset;
  const first = last - (steps - 1) * stepMs;
  const period = range === '1h' ? 'minute' : 'hour';
  const found = await figuresSince(db, period, new Date(first));
  // What becomes of replies is counted by the hour alone.
  const replies = period === 'hour' ? found : await figuresSince(db, 'hour', new Date(now.getTime() - hour));
  return {
    range,
    stepMs,
    steps: stepsOf(found, first, stepMs, steps),
    accounts: accountsOf(found),
    toTicket: toTicket(found.filter(({ measure }) => measure === 'ticket')),
    deliveries: deliveriesOf(found),
    replies: [...totals(replies.filter(({ measure }) => measure === 'reply'))].map(([state, n]) => ({ state, n })),
  };
}

function stepsOf(found: readonly Figure[], first: number, stepMs: number, steps: number): FigureStep[] {
  const made = Array.from({ length: steps }, (_, i) => ({
    ...{ at: new Date(first + i * stepMs).toISOString(), in: 0, out: 0, done: 0, parked: 0 },
  }));
  for (const { at, measure, label, n } of found) {
    const step = made[Math.floor((at.getTime() - first) / stepMs)];
    const what = measure === 'delivery' ? label.split('|')[1] : measure;
    if (step && (what === 'in' || what === 'out' || what === 'done' || what === 'parked')) step[what] += n;
  }
  return made;
}

function totals(figures: readonly Figure[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { label, n } of figures) sums.set(label, (sums.get(label) ?? 0) + n);
  return sums;
}

function accountsOf(found: readonly Figure[]): Figures['accounts'] {
  const came = totals(found.filter(({ measure }) => measure === 'in'));
  const went = totals(found.filter(({ measure }) => measure === 'out'));
  return [...new Set([...came.keys(), ...went.keys()])]
    .map((account) => ({ account, in: came.get(account) ?? 0, out: went.get(account) ?? 0 }))
    .sort((a, b) => b.in + b.out - (a.in + a.out) || a.account.localeCompare(b.account));
}

function deliveriesOf(found: readonly Figure[]): Figures['deliveries'] {
  const sums = totals(found.filter(({ measure }) => measure === 'delivery'));
  const targets = [...new Set([...sums.keys()].map((label) => label.split('|')[0]!))].sort();
  const of = (target: string, state: string) => sums.get(`${target}|${state}`) ?? 0;
  return targets.map((target) => ({ target, done: of(target, 'done'), parked: of(target, 'parked') }));
}

function toTicket(figures: readonly Figure[]): Figures['toTicket'] {
  const sums = totals(figures);
  return { half: within(sums, 0.5), most: within(sums, 0.95) };
}

/** Seconds within which that share of them fell, supposing that they are spread evenly between the ends of their bucket. */
function within(sums: ReadonlyMap<string, number>, share: number): number | null {
  const ends = [...ticketSeconds.map(String), 'inf'];
  const wanted = share * [...sums.values()].reduce((a, b) => a + b, 0);
  if (wanted === 0) return null;
  let before = 0;
  for (const [i, end] of ends.entries()) {
    const n = sums.get(end) ?? 0;
    const low = ticketSeconds[i - 1] ?? 0;
    if (before + n >= wanted) return low + ((ticketSeconds[i] ?? low) - low) * ((wanted - before) / n);
    before += n;
  }
  return null;
}
