const millisecondsIn = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const bytesIn = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 } as const;

/** `500ms`, `30s`, `15m`, `72h`, `7d`, `2w` or `0`, in milliseconds; undefined for anything else, a bare number too. */
export function parseDuration(text: unknown): number | undefined {
  if (text === 0 || text === '0') return 0;
  return typeof text === 'string' ? measured(text, millisecondsIn) : undefined;
}

/** `5mb`, `512 kB`, `1gb` or a whole number of bytes; a megabyte is 1,048,576 bytes. Undefined for anything else. */
export function parseBytes(text: unknown): number | undefined {
  if (typeof text === 'number') return Number.isSafeInteger(text) && text >= 0 ? text : undefined;
  if (typeof text !== 'string') return undefined;
  return measured(/^\d+$/.test(text) ? `${text}b` : text, bytesIn);
}

function measured(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(text) ?? [];
  const size = unit && Object.hasOwn(units, unit.toLowerCase()) ? units[unit.toLowerCase()] : undefined;
  return amount && size ? Math.round(Number(amount) * size) : undefined;
}

/** `5 MB`, `1.5 kB`: for people to read. */
export function describeBytes(bytes: number): string {
  const unit = (['gb', 'mb', 'kb'] as const).find((name) => bytes >= bytesIn[name]);
  if (!unit) return `${bytes} bytes`;
  return `${Math.round((bytes / bytesIn[unit]) * 10) / 10} ${{ gb: 'GB', mb: 'MB', kb: 'kB' }[unit]}`;
}
