import { type Duration, minutes, seconds } from '../../../domain/duration.ts';
import { asList, asNumber, asRecord } from '../json.ts';

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

/**
 * How full the fullest quota is, as a share of 1 (Graph API, "Rate Limits"); undefined where nothing is said. Past `nearlyFull`
 * what can wait should wait.
 */
export function fullness(headers: Readonly<Record<string, string>>): number | undefined {
  const app = Object.values(asRecord(parsed(headers['x-app-usage'])) ?? {});
  const business = Object.values(asRecord(parsed(headers['x-business-use-case-usage'])) ?? {})
    .flatMap(asList)
    .flatMap((usage) => ['call_count', 'total_cputime', 'total_time'].map((name) => asRecord(usage)?.[name]));
  const percents = [...app, ...business].flatMap((percent) => asNumber(percent) ?? []);
  return percents.length > 0 ? Math.max(...percents) / 100 : undefined;
}

export const nearlyFull = 0.9;

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
