// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes.
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** Without the control characters Salesforce refuses; line breaks and tabs stay. */
export const printable = (text: string): string => text.replace(control, '').toWellFormed();

/** At most `length` UTF-16 units, never half a surrogate pair; says with `…` that something is missing. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const kept = text.slice(0, length - 1);
  return `${kept.isWellFormed() ? kept : kept.slice(0, -1)}…`;
}

/** The fields of a record with texts made printable; fields without a value are left out. */
export function cleanFields(fields: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept.map(([name, value]) => [name, typeof value === 'string' ? printable(value) : value]));
}
