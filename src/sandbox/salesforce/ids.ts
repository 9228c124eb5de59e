const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A record id of 18 characters: key prefix, org, running number, and the three that tell upper from lower case. */
export function makeId(keyPrefix: string, number: number): string {
  return toLongId(`${keyPrefix}5e00000${inBase62(number).padStart(5, '0')}`);
}

function inBase62(number: number): string {
  const rest = Math.floor(number / 62);
  return (rest > 0 ? inBase62(rest) : '') + base62.charAt(number % 62);
}

/** The 18-character form of a 15-character id. */
export function toLongId(id: string): string {
  const checks = [0, 5, 10].map((start) => {
    const bits = [...id.slice(start, start + 5)].map((c, i) => (c >= 'A' && c <= 'Z' ? 1 << i : 0));
    return alphabet.charAt(bits.reduce((sum, bit) => sum + bit, 0));
  });
  return id + checks.join('');
}

/** The 18-character form, or undefined when it is no id: wrong length, characters or checksum. */
export function readId(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^([a-zA-Z0-9]{15}|[a-zA-Z0-9]{18})$/.test(value)) return undefined;
  const long = toLongId(value.slice(0, 15));
  return value.length === 15 || value === long ? long : undefined;
}
