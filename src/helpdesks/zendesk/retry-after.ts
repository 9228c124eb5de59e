import { type Duration, milliseconds, seconds } from '../../domain/duration.ts';

/** The wait an answer asks for, given in seconds or as a date. */
export function retryAfterOf(headers: Record<string, string>, now = new Date()): Duration | undefined {
  const value = headers['retry-after']?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return seconds(Number(value));
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : milliseconds(Math.max(0, at - now.getTime()));
}
