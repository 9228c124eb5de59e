/** Narrowers for JSON that strangers wrote: each gives the value in the shape asked for, or undefined. */

export type JsonRecord = Record<string, unknown>;

export const asRecord = (value: unknown): JsonRecord | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined;

export const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The objects of a list; what is none is passed over. */
export const asRecords = (value: unknown): JsonRecord[] =>
  asList(value)
    .map(asRecord)
    .filter((record) => record !== undefined);

/** A string that is not empty. */
export const asText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? storable(value) : undefined;

// JSON may spell what neither UTF-8 nor Postgres can hold: half a surrogate pair, and NUL.
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');

/** Ids travel as strings; some samples carry them as numbers. */
export const asId = (value: unknown): string | undefined => (typeof value === 'number' ? String(value) : asText(value));

export const asNumber = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
};

/** The object without its undefined members, so that optional properties are absent rather than undefined. */
export type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };
export const defined = <T extends object>(object: T): Partial<Defined<T>> =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<Defined<T>>;

/** The members that are plain values, as text. */
export function scalars(json: JsonRecord): Record<string, string> {
  const plain = Object.entries(json).filter(([, value]) => value !== null && typeof value !== 'object');
  return Object.fromEntries(plain.map(([key, value]) => [storable(key), storable(String(value))]));
}

// 16 digits may pass 2^53, from where on a JavaScript number is no longer exact.
const longNumber = /[:[,]\s*-?\d{16,}/;

/** Parses JSON; whole numbers too large to be exact become strings of the same digits. Throws a SyntaxError. */
export function parseJson(text: string): unknown {
  if (!longNumber.test(text)) return JSON.parse(text);
  try {
    return JSON.parse(text, exact);
  } catch (error) {
    // A reviver recurses, and so gives up on absurd nesting that plain parsing survives.
    if (error instanceof RangeError) return JSON.parse(text);
    throw error;
  }
}

function exact(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  const inexact = typeof value === 'number' && !Number.isSafeInteger(value);
  return inexact && source !== undefined && /^-?\d+$/.test(source) ? source : value;
}
