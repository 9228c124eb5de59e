import { type Duration, minutes, seconds } from '../../../domain/duration.ts';
import { asList, asNumber, asRecord } from './json.ts';

/** X-App-Usage says how full the quota is, not until when; a rolling hour frees some of it within minutes. */
const whenAppQuotaIsFull = minutes(5);

/** How long Meta asks us to wait (Graph API, "Rate Limits": X-Business-Use-Case-Usage, X-App-Usage), if it says so. */
export function waitAskedFor(headers: Readonly<Record<string, string>>): Duration | undefined {
  const retryAfter = asNumber(headers['retry-after']);
  if (retryAfter !== undefined && retryAfter > 0) return seconds(retryAfter);
  const regain = minutesToRegainAccess(headers['x-business-use-case-usage']);
  if (regain > 0) return minutes(regain);
  return quotaIsFull(headers['x-app-usage']) ? whenAppQuotaIsFull : undefined;
}

function minutesToRegainAccess(header: string | undefined): number {
  const usages = Object.values(asRecord(parsed(header)) ?? {}).flatMap(asList);
  return Math.max(0, ...usages.map((usage) => asNumber(asRecord(usage)?.['estimated_time_to_regain_access']) ?? 0));
}

function quotaIsFull(header: string | undefined): boolean {
  return Object.values(asRecord(parsed(header)) ?? {}).some((percent) => (asNumber(percent) ?? 0) >= 100);
}

function parsed(header: string | undefined): unknown {
  try {
    return JSON.parse(header ?? 'null');
  } catch {
    return undefined;
  }
}
