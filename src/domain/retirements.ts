import type { Finding } from './finding.ts';

/** A version, or a way of doing things, that a platform gives up on a day. */
export interface Retirement {
  api: string;
  /** The version; with `andBelow` all older ones too. */
  version: string;
  andBelow?: true;
  /** The day, as `2027-01-21`. */
  on: string;
}

/** What an account uses of a platform that may be given up some day. */
export interface ApiUse {
  api: string;
  version: string;
  /** Where it is said, to be changed: `apiVersion`. */
  setting: string;
}

/**
 * As the platforms’ changelogs tell ("Versions", "Message Tags", "API tokens").
 * A new date is a new line.
 */
export const retirements: readonly Retirement[] = [
  { api: 'Graph API', version: 'v20.0', andBelow: true, on: '2026-09-24' },
  { api: 'Graph API', version: 'v21.0', on: '2027-01-21' },
  { api: 'Graph API', version: 'v24.0', on: '2028-02-18' },
  { api: 'Graph API', version: 'v25.0', on: '2028-07-29' },
  { api: 'Meta message tags', version: 'CONFIRMED_EVENT_UPDATE', on: '2026-04-27' },
  { api: 'Meta message tags', version: 'ACCOUNT_UPDATE', on: '2026-04-27' },
  { api: 'Meta message tags', version: 'POST_PURCHASE_UPDATE', on: '2026-04-27' },
  { api: 'Zendesk login', version: 'API token', on: '2027-04-30' },
];

/** How many days before the end it is time to say so. */
const noticeDays = 180;
const dayMs = 86_400_000;

/** What is given up, or will be before long. One that goes on gives no finding. */
export function retirementFindings(
  uses: readonly ApiUse[],
  now: Date,
  table: readonly Retirement[] = retirements,
): Finding[] {
  return uses.flatMap((use) => {
    const retirement = table.find((each) => each.api === use.api && covers(each, use.version));
    return retirement ? findingOf(use, retirement, now) : [];
  });
}

const numberOf = (version: string): number => Number.parseFloat(version.replace(/^v/, ''));

const covers = ({ version, andBelow }: Retirement, used: string): boolean =>
  used === version || (andBelow === true && numberOf(used) < numberOf(version));

function findingOf({ api, version, setting }: ApiUse, { on }: Retirement, now: Date): Finding[] {
  const days = Math.ceil((Date.parse(on) - now.getTime()) / dayMs);
  const what = `${api}, ${version}`;
  const fix = `Change ${setting} in the configuration to something newer; the guide of the platform says how.`;
  const matters = 'Calls with what has ended are refused, or answered by another version than was tried.';
  if (days <= 0) return [{ ok: false, what, why: `it ended on ${on}`, fix, matters }];
  if (days > noticeDays) return [{ ok: true, what, why: `until ${on}` }];
  return [{ ok: true, warning: true, what, why: `it ends on ${on}, in ${days} days`, fix, matters }];
}
