import { check } from './check.ts';
import type { Environment } from './fill-in.ts';
import type { MappingFile } from './mapping-schema.ts';
import { mappingSchema } from './mapping-schema.ts';
import { inOrder, type Mistake } from './mistake.ts';
import { readText } from './read-text.ts';
import { parseYaml, type YamlSource } from './yaml-source.ts';

/** A length of time in milliseconds, as the domain has it. */
type Milliseconds = number & { readonly _: 'Duration' };

/** The mapping, compiled: its Liquid is functions from a context to text, tags or fields. */
export type Mapping = Omit<MappingFile, 'tickets' | 'contacts'> & {
  tickets: Omit<MappingFile['tickets'], 'reopenSolvedWithin'> & { reopenSolvedWithin: Milliseconds };
  contacts: Omit<MappingFile['contacts'], 'externalIdField'> & { externalIdField?: string };
};

export type MappingRead = { ok: true; mapping: Mapping } | { ok: false; mistakes: Mistake[] };

/** Reads and checks the mapping, its Liquid too; tells all mistakes at once. Without a file the defaults hold. */
export function readMapping({ path, env }: { path: string; env: Environment }): MappingRead {
  const read = readText(path) ?? { text: '' };
  if ('problem' in read) {
    return { ok: false, mistakes: [{ file: path, line: 0, column: 0, path: '', problem: read.problem }] };
  }
  const { source, mistakes } = parseYaml(path, read.text, env);
  if (!source) return { ok: false, mistakes: inOrder(mistakes) };
  return checkedMapping(source, mistakes);
}

function checkedMapping(source: YamlSource, already: Mistake[]): MappingRead {
  source.value ??= {};
  const checked = check(mappingSchema(), source);
  const all = [...already, ...(checked.ok ? [] : checked.mistakes)];
  if (!checked.ok || all.length > 0) return { ok: false, mistakes: inOrder(all) };
  const { tickets, contacts, ...rest } = checked.value;
  const { externalIdField, ...matching } = contacts;
  return {
    ok: true,
    mapping: {
      ...rest,
      tickets: { ...tickets, reopenSolvedWithin: tickets.reopenSolvedWithin as Milliseconds },
      contacts: { ...matching, ...(externalIdField !== 'none' && { externalIdField }) },
    },
  };
}
