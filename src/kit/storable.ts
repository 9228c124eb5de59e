/** Deeper than anything real; keeps what is hostile from exhausting the stack here or where it is read. */
const deepest = 64;

/**
 * The value with what Postgres cannot hold replaced: NUL and halves of surrogate pairs in its texts and keys by the
 * replacement character, what is nested too deeply by an ellipsis, and a date that is none by the epoch. A value that can
 * be held comes back as it is.
 */
export function storable<Value>(value: Value, depth = 0): Value {
  return held(value, depth) as Value;
}

function held(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? new Date(0) : value;
  if (depth >= deepest) return '…';
  return Array.isArray(value) ? heldList(value, depth) : heldRecord(value, depth);
}

function heldList(list: readonly unknown[], depth: number): readonly unknown[] {
  const kept = list.map((item) => held(item, depth + 1));
  return kept.some((item, i) => item !== list[i]) ? kept : list;
}

function heldRecord(record: object, depth: number): object {
  let changed = false;
  const entries = Object.entries(record).map(([key, value]): [string, unknown] => {
    const entry: [string, unknown] = [storableText(key), held(value, depth + 1)];
    changed ||= entry[0] !== key || entry[1] !== value;
    return entry;
  });
  return changed ? Object.fromEntries(entries) : record;
}

// Only these code units can be wrong; most texts have none.
const suspects = /[\0\ud800-\udfff]/;

const storableText = (text: string): string =>
  suspects.test(text) ? text.toWellFormed().replaceAll('\0', '\ufffd') : text;
