import type { Finding } from '../../domain/finding.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Http } from '../../kit/http.ts';
import type { Check } from './run-checks.ts';

/** Beyond this signatures with a time in them are refused; far below it something is wrong already. Milliseconds. */
const tooFar = 4 * 60_000;
const odd = 20_000;

/** An http that notes what time each platform says it is, and a finding about what it noted. */
export function watchingClocks(http: Http, clock: Pick<Clock, 'now'>): { http: Http; finding(): Finding } {
  const skews = new Map<string, number>();
  return {
    http: {
      request: async (request) => {
        const before = clock.now().getTime();
        const answer = await http.request(request);
        const told = answer.answered ? Date.parse(answer.headers['date'] ?? '') : Number.NaN;
        // The header tells whole seconds; the answer was on its way for a while.
        const middle = (before + clock.now().getTime()) / 2;
        if (!Number.isNaN(told)) skews.set(new URL(request.url).host, Math.round(middle - told - 500));
        return answer;
      },
    },
    finding: () => skewFinding([...skews.values()]),
  };
}

/** By the middle of what several platforms say: one of them may be wrong itself. */
function skewFinding(skews: readonly number[]): Finding {
  const what = 'clock of this machine';
  if (skews.length === 0) return { ok: true, what: `${what} (no platform told the time)` };
  const middle = skews.toSorted((a, b) => a - b)[Math.floor(skews.length / 2)]!;
  const apart = Math.abs(middle);
  const why = `it is ${Math.round(apart / 1_000)} s ${middle > 0 ? 'ahead of' : 'behind'} what the platforms say`;
  const fix = 'Let the machine set its clock by NTP (timedatectl set-ntp true).';
  if (apart < odd) return { ok: true, what };
  return apart < tooFar ? { ok: true, warning: true, what, why, fix } : { ok: false, what, why, fix };
}

/** After the others have asked. */
export const clockCheck = (finding: () => Finding): Check => ({
  account: 'service',
  kind: 'clock',
  name: 'the clock',
  matters: 'Signed callbacks are refused when they seem too old or too new, and messages sort wrongly.',
  look: async () => [finding()],
});
