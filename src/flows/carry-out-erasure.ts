import { milliseconds, seconds } from '../domain/duration.ts';
import { done } from '../domain/outcome.ts';
import type { Target } from '../domain/target.ts';
import { backoffMs } from '../kit/backoff.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import { type ErasureStep, endStep, erasureById, setErasure, stepLater, stepsOf } from '../store/erasures.ts';
import { eraseAsked } from './erase-asked.ts';
import { eraseAtCrm } from './erase-at-crm.ts';
import { eraseAtHelpdesk } from './erase-at-helpdesk.ts';
import { eraseHere } from './erase-here.ts';
import type { Erased, ErasingRules, ErasingWorld } from './erasing.ts';

/**
 * The `erasures` job: carries out what is left of one erasure, each step by itself, so that a place that does not answer holds up
 * no other. Every step may be done twice: what is gone is gone.
 */
export async function carryOutErasure(world: ErasingWorld, rules: ErasingRules, key: string): Promise<CatchUp> {
  const erasure = await erasureById(world.db, Number(key));
  if (!erasure || erasure.state === 'done' || erasure.state === 'incomplete') return allDone;
  if (erasure.state === 'waiting') return eraseAsked(world, erasure);
  const waits: number[] = [];
  for (const step of (await stepsOf(world.db, erasure.id)).filter(({ state }) => state === 'waiting')) {
    const wait = await tryStep(world, rules, step, erasure.id);
    if (wait !== undefined) waits.push(wait);
  }
  if (waits.length > 0) return leftFor(milliseconds(Math.min(...waits)));
  const refused = (await stepsOf(world.db, erasure.id)).filter(({ state }) => state === 'refused');
  await setErasure(world.db, erasure.id, { state: refused.length > 0 ? 'incomplete' : 'done', ended: true });
  world.tools.log[refused.length > 0 ? 'error' : 'info']('customer.erased', {
    erasure: erasure.id,
    refused: refused.map(({ place, what, reason }) => `${place} ${what}: ${reason}`),
  });
  return allDone;
}

const isTarget = (place: string): place is Target => /^(helpdesk|crm):/.test(place);

/** Undefined: it is over. Otherwise when to try it again, in milliseconds. */
async function tryStep(
  world: ErasingWorld,
  rules: ErasingRules,
  step: ErasureStep,
  erasure: number,
): Promise<number | undefined> {
  const { db, health } = world;
  if (await mustWait(world, step, erasure)) return 500;
  if (isTarget(step.place) && (await health.pauseOf(step.place))) return 5_000;
  const erased = await eraseStep(world, rules, step);
  if (erased.result === 'done') {
    if (isTarget(step.place)) await health.answered(step.place);
    const { count, left } = erased.value;
    await endStep(db, step.id, 'done', { count, ...(left ? { reason: left } : {}) });
    return undefined;
  }
  if (erased.result === 'never') {
    if (isTarget(step.place)) await health.answered(step.place);
    await endStep(db, step.id, 'refused', { reason: erased.why });
    return undefined;
  }
  if (isTarget(step.place)) await health.failed(step.place, erased);
  await stepLater(db, step.id, erased.why);
  return (erased.result === 'later' && erased.after) || backoffMs(step.attempts);
}

/**
 * What is under way for them must be over first: it may still bring something there. A user goes after their tickets: a
 * helpdesk keeps users who have some.
 */
async function mustWait({ db }: ErasingWorld, step: ErasureStep, erasure: number): Promise<boolean> {
  if (step.what === 'work under way') return false;
  const others = (await stepsOf(db, erasure)).filter(({ state, id }) => state === 'waiting' && id !== step.id);
  return others.some(
    ({ what, place }) =>
      what === 'work under way' ||
      (step.what === 'person' && what === 'ticket' && place === step.place) ||
      (step.what === 'contact' && (what === 'history' || what === 'consents' || what === 'ticket')),
  );
}

function eraseStep(world: ErasingWorld, rules: ErasingRules, step: ErasureStep): Promise<Erased> {
  switch (step.what) {
    case 'ticket':
    case 'person':
      return eraseAtHelpdesk(world, rules, step);
    case 'history':
    case 'consents':
    case 'contact':
      return eraseAtCrm(world, rules, step);
    case 'rows':
    case 'identity':
      return Promise.resolve(done({ count: 0 }));
    default:
      return eraseHere(world, step, seconds(1));
  }
}
