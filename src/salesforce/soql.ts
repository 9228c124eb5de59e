/** No field a contact is sought by holds more (Text 255 is the longest); a longer value matches nothing. */
const longestValue = 255;

const escapes: Record<string, string> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * A quoted SOQL literal. Undefined for what no field can hold: nothing, NUL and other control characters, half a
 * surrogate pair, too many characters. The escaping of jsforce leaves backslashes alone and can be broken out of.
 */
export function soqlText(value: string): string | undefined {
  if (value === '' || value.length > longestValue || !value.isWellFormed()) return undefined;
  const quoted = value.replace(/[\\'\n\r\t]/g, (character) => escapes[character] ?? character);
  return unprintable.test(quoted) ? undefined : `'${quoted}'`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const unprintable = /[\u0000-\u001f\u007f]/;

/** Whether it may stand in SOQL or in a path as the name of a field or object. */
export const isApiName = (name: string): boolean => /^[A-Za-z][A-Za-z0-9_]{0,79}$/.test(name);
