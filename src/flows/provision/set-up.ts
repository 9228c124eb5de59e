import type { Outcome } from '../../domain/outcome.ts';
import type { SetupAct, SetupHint, SetupSecret } from '../../domain/setup.ts';
import type { Secret } from '../../kit/secret.ts';
import type { Applied } from './set-up-kinds.ts';

/** One account that can be set up at its platform, or taken down there. */
export interface Setup {
  account: string;
  kind: string;
  /** What differs from what is wanted. */
  compare(): Promise<Outcome<SetupAct[]>>;
  apply(): Promise<Applied>;
  secrets(): Promise<Outcome<readonly SetupSecret<Secret>[]>>;
  hints(): Promise<readonly SetupHint[]>;
}

export interface SetupReport {
  account: string;
  kind: string;
  /** `differs`: and nothing was changed. `failed`: the platform refused, or could not be reached. */
  state: 'as-wanted' | 'differs' | 'changed' | 'failed';
  /** What differs; or what was done, up to where it failed. */
  changes: readonly SetupAct[];
  /** What still differs after everything was changed that can be changed from here. */
  left: readonly SetupAct[];
  why?: string;
}

/** What asks for something to be done; what is left alone does not. */
const pending = (acts: readonly SetupAct[]): SetupAct[] => acts.filter(({ act }) => act !== 'leave');

/** Compares with what is wanted and, unless it is a dry run, puts it right and compares again. */
export async function runSetup(setup: Setup, { dryRun }: { dryRun: boolean }): Promise<SetupReport> {
  const report = { account: setup.account, kind: setup.kind, changes: [], left: [] };
  const differs = await setup.compare();
  if (differs.result !== 'done') return { ...report, state: 'failed', why: differs.why };
  const changes = differs.value;
  const asWanted = pending(changes).length === 0;
  if (dryRun) return { ...report, changes, state: asWanted ? 'as-wanted' : 'differs' };
  // Also where nothing differs: there are secrets that can be set but not read back.
  const { acts, trouble } = await setup.apply();
  if (trouble) return { ...report, changes: acts, state: 'failed', why: trouble.why };
  if (asWanted) return { ...report, changes, state: 'as-wanted' };
  const left = await setup.compare();
  if (left.result !== 'done') return { ...report, changes, state: 'failed', why: left.why };
  return { ...report, changes, left: pending(left.value), state: 'changed' };
}
