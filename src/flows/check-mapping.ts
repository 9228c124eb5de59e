import { checkAtCrms } from './check-at-crms.ts';
import { checkAtHelpdesks } from './check-at-helpdesks.ts';
import type { LiveCheck } from './live-check.ts';
import type { MappingMistake } from './live-mapping.ts';
import type { MappingDesk } from './mapping-desk.ts';
import { readDraft } from './read-draft.ts';

export interface MappingChecked {
  ok: boolean;
  mistakes: MappingMistake[];
  /** Accounts that could not be asked, and why. */
  unchecked?: string[];
}

/** Tells every mistake in a text; with `live` also what it names that is not there at the helpdesks and CRMs. */
export async function checkMapping(
  { reader, helpdesks, crms }: Pick<MappingDesk, 'reader' | 'helpdesks' | 'crms'>,
  { text, file, live }: { text: string; file?: string | undefined; live: boolean },
): Promise<MappingChecked> {
  const read = readDraft(reader, text, file);
  if (!read.ok) return { ok: false, mistakes: read.mistakes };
  if (!live) return { ok: true, mistakes: [] };
  const mistakes: MappingMistake[] = [];
  const unchecked: string[] = [];
  const check: LiveCheck = {
    ...{ read, helpdesks, crms },
    wrong: (path, problem, expected) => void mistakes.push(read.told(path, problem, expected)),
    unchecked: (account, why) => void unchecked.push(`${account}: ${why}`),
  };
  await checkAtHelpdesks(check);
  await checkAtCrms(check);
  mistakes.sort((a, b) => a.line - b.line || a.column - b.column);
  return {
    ok: mistakes.length === 0 && unchecked.length === 0,
    mistakes,
    ...(unchecked.length > 0 ? { unchecked } : {}),
  };
}
