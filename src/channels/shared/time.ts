import { asNumber } from './json.ts';

const earliest = Date.UTC(2004, 0, 1);
const latest = Date.UTC(2100, 0, 1);

/**
 * The first of the candidates that is a believable time. Meta writes milliseconds, in some events seconds.
 * Where none is, the epoch: the same body must always give the same event.
 */
export function readTime(...candidates: unknown[]): Date {
  for (const candidate of candidates) {
    const time = believableTime(candidate);
    if (time) return time;
  }
  return new Date(0);
}

export function believableTime(value: unknown): Date | undefined {
  const number = asNumber(value);
  if (number === undefined) return undefined;
  const ms = number < 1e11 ? number * 1000 : number;
  return ms >= earliest && ms < latest ? new Date(ms) : undefined;
}
