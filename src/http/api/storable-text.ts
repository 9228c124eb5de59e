/** The place of the first text that no database keeps: one with a null character or half of a pair; undefined when there is none. */
export function unstorableIn(value: unknown, place: string): string | undefined {
  if (typeof value === 'string') return value.includes('\u0000') || !value.isWellFormed() ? place : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, each] of Object.entries(value)) {
    const found = unstorableIn(name, place) ?? unstorableIn(each, `${place}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
