import type { Step } from '../../src/kit/step.ts';
import { allSteps } from './plan.ts';
import type { RoundResult } from './round.ts';
import type { Findings } from './verify.ts';

/** From so many kills on each step must have been the end of one. */
export const enoughForAllSteps = 75;

export interface Report {
  ok: boolean;
  text: string;
}

/** What the run has shown, for a person to read. */
export function report(results: readonly RoundResult[], seconds: number, again: string): Report {
  const killedAt = Map.groupBy(
    results.flatMap((result) => result.killedAt),
    (step) => step,
  );
  const never = allSteps.filter((step) => !killedAt.has(step));
  const found = gathered(results);
  const bad = badOf(results);
  const sum = (count: (result: RoundResult) => number) => results.reduce((total, each) => total + count(each), 0);
  const kills = sum(({ killedAt: at, killedAtMoments }) => at.length + killedAtMoments);
  const ok = bad.length === 0 && (kills < enoughForAllSteps || never.length === 0);
  const table = allSteps.map((step) => `  ${step.padEnd(18)} ${countOf(killedAt, step)}`);
  const lines = [
    'kills at',
    ...table,
    `  ${'a random moment'.padEnd(18)} ${sum(({ killedAtMoments }) => killedAtMoments)}`,
    `kills ${kills}, stops on request ${sum(({ stops }) => stops)}, starts ${sum(({ starts }) => starts)}`,
    `messages ${sum(({ messages }) => messages)}, replies ${sum(({ replies }) => replies)}, notes ${sum(({ notes }) => notes)}`,
    `webhooks repeated ${sum(({ front }) => front.repeated)}, sent together ${sum(({ front }) => front.together)}; callbacks lost ${sum(({ front }) => front.lost)}`,
    `lost ${found.lost.length}, doubled ${found.doubled.length}, out of order ${found.outOfOrder.length}, notes leaked ${found.leaked.length}, unsure ${found.unsure.length}`,
    `seconds ${Math.round(seconds)}`,
    ...(never.length > 0 ? [`steps at which nothing was killed: ${never.join(' ')}`] : []),
    ...bad.map((what) => `  ! ${what}`),
    ok ? 'All as promised.' : `Not as promised. Again: ${again}`,
  ];
  return { ok, text: lines.join('\n') };
}

/** All that is not as promised, in words. */
export function badOf(results: readonly RoundResult[]): string[] {
  const { lost, doubled, outOfOrder, leaked } = gathered(results);
  return [...lost, ...doubled, ...outOfOrder, ...leaked, ...results.flatMap(({ wrong }) => wrong)];
}

const countOf = (killed: Map<Step, Step[]>, step: Step): number => killed.get(step)?.length ?? 0;

export function gathered(results: readonly RoundResult[]): Findings {
  const all = (of: keyof Findings) => results.flatMap(({ findings }) => findings[of]);
  return {
    lost: all('lost'),
    doubled: all('doubled'),
    outOfOrder: all('outOfOrder'),
    leaked: all('leaked'),
    unsure: all('unsure'),
  };
}
