import { sha256Hex } from '../../kit/crypto.ts';
import { asRecord } from './json.ts';

/** Deeper than any real payload; keeps a hostile one from exhausting the stack. */
const deepest = 64;

/** An id for what has none: the same JSON gives the same id, whatever the order of its keys. */
export const fingerprint = (...values: unknown[]): string => sha256Hex(canonical(values, 0));

function canonical(value: unknown, depth: number): string {
  if (depth > deepest) return '"…"';
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`;
  const record = asRecord(value);
  if (!record) return JSON.stringify(value) ?? 'null';
  const members = Object.keys(record).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(record[key], depth + 1)}`).join(',')}}`;
}
