import type { Duration } from '../domain/duration.ts';
import { done } from '../domain/outcome.ts';
import {
  atWork,
  blankTraces,
  deleteJobs,
  deleteTraces,
  dropOrphans,
  type JobName,
  type TraceStep,
  type Traces,
} from '../store/erase-traces.ts';
import { type ErasureStep, saveStep } from '../store/erasures.ts';
import type { Erased, ErasingWorld } from './erasing.ts';

/** Steps of an erasure in the ledger and the vault. `soon`: when to look again whether something is still under way. */
export async function eraseHere(world: ErasingWorld, step: ErasureStep, soon: Duration): Promise<Erased> {
  switch (step.what) {
    case 'work under way':
      return waitForWork(world, step, soon);
    case 'files':
      return deleteFiles(world, step);
    case 'raw webhooks':
      return throughAll(world, step, (of, after) => blankTraces(world.db, of, after));
    default:
      return throughAll(world, step, (of, after) => deleteTraces(world.db, of, after));
  }
}

/** Jobs that began before the rows were gone. Those that begin now find nothing. */
async function waitForWork({ db }: ErasingWorld, step: ErasureStep, soon: Duration): Promise<Erased> {
  const { jobs } = step.ref as unknown as { jobs: JobName[] };
  if (await atWork(db, jobs)) return { result: 'later', why: 'something is still under way for them', after: soon };
  await deleteJobs(db, jobs);
  await dropOrphans(db);
  return done({ count: 0 });
}

/** Page by page; where it is, is kept, so that a crash costs one page. */
async function throughAll(
  { db }: ErasingWorld,
  step: ErasureStep,
  next: (of: Traces, after: number) => Promise<TraceStep>,
): Promise<Erased> {
  const { names, tickets, after: from } = step.ref as unknown as Traces & { after: number };
  let after: number | undefined = from;
  while (after !== undefined) {
    const page: TraceStep = await next({ names, tickets }, after);
    if (page.after !== undefined) await saveStep(db, step.id, { names, tickets, after: page.after }, page.removed);
    after = page.after;
  }
  return done({ count: 0 });
}

async function deleteFiles({ vault, tools }: ErasingWorld, step: ErasureStep): Promise<Erased> {
  const { keys } = step.ref as { keys: string[] };
  try {
    for (const key of keys) await vault.delete(key);
  } catch {
    tools.log.error('media.vault-failed', { step: step.id });
    return { result: 'later', why: 'the store for copies of files is out of order' };
  }
  return done({ count: keys.length });
}
