import type { Finding } from '../../domain/finding.ts';
import type { Database } from '../../store/database.ts';
import { hasMappingVersions, mappingInForce, mappingVersion } from '../../store/mapping-versions.ts';
import type { MappingReader } from '../live-mapping.ts';
import type { Check } from './run-checks.ts';

/** Whether the mapping that is in force can be read here, and whether it is the one in the file. `ledger`: none is there yet. */
export const mappingCheck = (reader: MappingReader, ledger: () => Promise<Database | undefined>): Check => ({
  account: 'service',
  kind: 'mapping',
  name: 'the mapping',
  matters: 'What stands in a file that is not looked at changes nothing.',
  look: async () => {
    const inForce = await lookUp(ledger).catch(() => 'away' as const);
    // That it is away is told where it is looked after.
    if (inForce === 'away')
      return [{ ok: true, warning: true, what: 'the mapping in force', why: 'the database cannot be asked' }];
    return [inForce ? findingOf(reader, inForce) : { ok: true, what: 'the mapping of the file is to be version 1' }];
  },
});

async function lookUp(ledger: () => Promise<Database | undefined>) {
  const db = await ledger();
  const number = db && (await hasMappingVersions(db)) ? await mappingInForce(db) : undefined;
  return db && number !== undefined ? mappingVersion(db, number) : undefined;
}

function findingOf(
  reader: MappingReader,
  { number, text, who, source }: { number: number; text: string; who: string; source: string },
): Finding {
  const what = `mapping version ${number}`;
  const read = reader.read(text, what);
  if (!read.ok) {
    const [first] = read.mistakes;
    const why = `it cannot be read here: line ${first?.line}: ${first?.problem}`;
    return {
      ok: false,
      what,
      why,
      fix: 'Correct what it names (a variable of the environment?), or apply another version.',
    };
  }
  const [lack] = reader.lacks?.(read.mapping) ?? [];
  if (lack)
    return { ok: false, what, why: `${lack.path.join('.')}: ${lack.problem}`, fix: `Set it to ${lack.expected}.` };
  if (text === reader.text) return { ok: true, what: `${what} is in force` };
  const fix = `Nothing, if so intended. Else apply the file: passerelle mapping apply ${reader.file}`;
  const why =
    source === 'file'
      ? 'the file was changed; the next start takes it'
      : `${who} applied it; ${reader.file} says otherwise and is not looked at`;
  return { ok: true, warning: true, what, why, fix };
}
