import type { MappingReader, ReadMapping } from './live-mapping.ts';

/**
 * Reads a mapping that somebody wants to put in force: beside its own mistakes it tells what it asks for that this
 * configuration cannot do. A version in force is read without: what it asks for is then left undone, and the doctor says so.
 */
export function readDraft(reader: Pick<MappingReader, 'read' | 'lacks'>, text: string, file?: string): ReadMapping {
  const read = reader.read(text, file);
  if (!read.ok) return read;
  const lacks = reader.lacks?.(read.mapping) ?? [];
  if (lacks.length === 0) return read;
  return { ok: false, mistakes: lacks.map(({ path, problem, expected }) => read.told(path, problem, expected)) };
}
