import { check } from './check.ts';
import type { Environment } from './fill-in.ts';
import type { MappingFile } from './mapping-schema.ts';
import { mappingSchema } from './mapping-schema.ts';
import { inOrder, type Mistake } from './mistake.ts';
import { readText } from './read-text.ts';
import { parseYaml, type YamlSource } from './yaml-source.ts';

/** A length of time in milliseconds, as the domain has it. */
type Milliseconds = number & { readonly _: 'Duration' };

/** What the file says, compiled: its Liquid is functions from a context to text, tags or fields. */
export type CompiledMapping = Omit<MappingFile, 'tickets' | 'contacts' | 'automaticTexts'> & {
  tickets: Omit<MappingFile['tickets'], 'reopenSolvedWithin'> & { reopenSolvedWithin: Milliseconds };
  contacts: Omit<MappingFile['contacts'], 'externalIdField'> & { externalIdField?: string };
  automaticTexts: Omit<MappingFile['automaticTexts'], 'welcome'> & {
    welcome?: Omit<NonNullable<MappingFile['automaticTexts']['welcome']>, 'again'> & { again?: Milliseconds };
  };
};

/** `told` finds the place of what is found wrong later, such as a field that does not exist. */
export type MappingTextRead =
  | {
      ok: true;
      mapping: CompiledMapping;
      value: unknown;
      told(path: PropertyKey[], problem: string, expected?: string): Mistake;
    }
  | { ok: false; mistakes: Mistake[] };

/** Where a mapping came from, and how another text is read as this one was. */
export interface MappingSource {
  file: string;
  /** As it was written; empty without a file. */
  text: string;
  read(text: string, file?: string): MappingTextRead;
  /** What a mapping asks for that the configuration cannot do. */
  lacks?(mapping: {
    identity: { askForEmail: boolean };
  }): { path: PropertyKey[]; problem: string; expected?: string }[];
}

export type Mapping = CompiledMapping & { source: MappingSource };
export type MappingRead = { ok: true; mapping: Mapping } | { ok: false; mistakes: Mistake[] };

/** Reads and checks the mapping, its Liquid too; tells all mistakes at once. Without a file the defaults hold. */
export function readMapping({ path, env }: { path: string; env: Environment }): MappingRead {
  const read = readText(path) ?? { text: '' };
  if ('problem' in read) {
    return { ok: false, mistakes: [{ file: path, line: 0, column: 0, path: '', problem: read.problem }] };
  }
  const again = (text: string, file = path) => readMappingText({ file, text, env });
  const compiled = again(read.text);
  if (!compiled.ok) return compiled;
  return { ok: true, mapping: { ...compiled.mapping, source: { file: path, text: read.text, read: again } } };
}

/** Never throws, whatever the text: what is wrong with it is told, all of it. `file` is what mistakes call it. */
export function readMappingText({
  file,
  text,
  env,
}: {
  file: string;
  text: string;
  env: Environment;
}): MappingTextRead {
  const { source, mistakes } = parseYaml(file, text, env);
  if (!source) return { ok: false, mistakes: inOrder(mistakes) };
  return checkedMapping(source, mistakes);
}

function checkedMapping(source: YamlSource, already: Mistake[]): MappingTextRead {
  source.value ??= {};
  const checked = check(mappingSchema(), source);
  const all = [...already, ...(checked.ok ? [] : checked.mistakes)];
  if (!checked.ok || all.length > 0) return { ok: false, mistakes: inOrder(all) };
  const { tickets, contacts, automaticTexts, ...rest } = checked.value;
  const { externalIdField, ...matching } = contacts;
  return {
    ok: true,
    value: source.value,
    told: source.mistake,
    mapping: {
      ...rest,
      tickets: { ...tickets, reopenSolvedWithin: tickets.reopenSolvedWithin as Milliseconds },
      contacts: { ...matching, ...(externalIdField !== 'none' && { externalIdField }) },
      automaticTexts: automaticTexts as CompiledMapping['automaticTexts'],
    },
  };
}
