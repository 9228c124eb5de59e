import type { Mapping } from '../domain/mapping.ts';
import type { Log } from '../kit/log.ts';
import type { Database } from '../store/database.ts';
import { mappingInForce, mappingVersion, mappingVersions } from '../store/mapping-versions.ts';

/** Something wrong with a mapping, by its place in the text; lines and columns count from 1. */
export interface MappingMistake {
  file: string;
  line: number;
  column: number;
  path: string;
  problem: string;
  expected?: string;
}

/** `told` makes a mistake of what is found wrong later, at a place in the text. `value` is what the text says, as plain data. */
export type ReadMapping =
  | {
      ok: true;
      mapping: Mapping;
      value: unknown;
      told(path: PropertyKey[], problem: string, expected?: string): MappingMistake;
    }
  | { ok: false; mistakes: MappingMistake[] };

/** The file a mapping came from, and how any text is read as a mapping. Reading never throws. */
export interface MappingReader {
  file: string;
  text: string;
  read(text: string, file?: string): ReadMapping;
  /** What a mapping asks for that the configuration cannot do, by its place in the text. */
  lacks?(mapping: Mapping): { path: PropertyKey[]; problem: string; expected?: string }[];
}

/** The versions of the mapping as the flows use them. */
export interface LiveMapping {
  /** The one in force; at most a second behind. */
  current(): Mapping;
  currentNumber(): number;
  /** The one a message or ticket was written under. None: it is from before there were versions, and the first one holds. */
  at(version: number | undefined): Promise<Mapping>;
  /** Looks whether another version is in force by now. */
  refresh(): Promise<void>;
}

const mostKept = 50;

/** Opens the mapping that is in force; `seedMapping` has seen to it that there is one. */
export async function openLiveMapping(db: Database, reader: MappingReader, log: Log): Promise<LiveMapping> {
  const compiled = new Map<number, Mapping>();
  const at = async (number: number): Promise<Mapping> => {
    const known = compiled.get(number);
    if (known) return known;
    const mapping = await readable(db, reader, log, number);
    compiled.set(number, mapping);
    for (const oldest of compiled.keys()) if (compiled.size > mostKept) compiled.delete(oldest);
    return mapping;
  };
  let number = (await mappingInForce(db)) ?? 1;
  let current = await at(number);
  return {
    current: () => current,
    currentNumber: () => number,
    at: (version) => at(version ?? 1),
    refresh: async () => {
      const now = (await mappingInForce(db)) ?? number;
      if (now === number) return;
      current = await at(now);
      number = now;
      log.info('mapping.in-force', { version: now });
    },
  };
}

/**
 * A version that was good when it was applied may be none here: a variable of the environment is missing, or this release
 * knows less. Then the latest one before it that can be read holds, and the operator is told; work goes on.
 */
async function readable(db: Database, reader: MappingReader, log: Log, number: number): Promise<Mapping> {
  const earlier = (await mappingVersions(db, 1_000)).filter((each) => each.number <= number);
  for (const each of earlier) {
    const version = await mappingVersion(db, each.number);
    const read = reader.read(version?.text ?? '', `mapping version ${each.number}`);
    if (read.ok) return read.mapping;
    const [first] = read.mistakes;
    log.error('mapping.unreadable', { version: each.number, line: first?.line, why: first?.problem });
  }
  const file = reader.read(reader.text);
  if (file.ok) return file.mapping;
  throw new Error('no version of the mapping can be read');
}
