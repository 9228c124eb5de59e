import { audited } from '../store/audit.ts';
import type { Database, Tx } from '../store/database.ts';
import {
  addMappingVersion,
  latestFromFile,
  lockMapping,
  mappingInForce,
  mappingVersion,
} from '../store/mapping-versions.ts';
import type { MappingMistake, MappingReader } from './live-mapping.ts';
import { readDraft } from './read-draft.ts';

/** What a start makes of the file. `not-taken`: somebody applied another version since. */
export type Seeded = { result: 'as-before' | 'taken' | 'not-taken'; version: number; changed?: boolean };

/**
 * At a start: the file becomes the first version, and a new one when it was changed. But not once somebody has applied a
 * version of their own: then that one holds, whatever the file says.
 */
export function seedMapping(db: Database, { text }: MappingReader): Promise<Seeded> {
  return db.transaction().execute(async (tx) => {
    await lockMapping(tx);
    const number = await mappingInForce(tx);
    const inForce = number === undefined ? undefined : await mappingVersion(tx, number);
    if (inForce?.text === text) return { result: 'as-before', version: inForce.number };
    if (inForce && inForce.source !== 'file') {
      return { result: 'not-taken', version: inForce.number, changed: (await latestFromFile(tx)) !== text };
    }
    const comment = inForce ? 'the file was changed' : 'the file at the first start';
    return { result: 'taken', version: await addMappingVersion(tx, { text, source: 'file', who: 'file', comment }) };
  });
}

export interface NewMapping {
  text: string;
  who: string;
  comment?: string | undefined;
  /** What mistakes call the text. */
  file?: string | undefined;
  /** The version in force that whoever wrote this one had seen; another by now refuses it. */
  after?: number | undefined;
}

export type Applied =
  | { result: 'applied'; version: number }
  | { result: 'unchanged'; version: number }
  | { result: 'overtaken'; version: number | undefined }
  | { result: 'wrong'; mistakes: MappingMistake[] };

/** Puts a new version in force, for all replicas, for what is said from then on. One with mistakes changes nothing. */
export async function applyMapping(
  db: Database,
  reader: Pick<MappingReader, 'read' | 'lacks'>,
  { text, who, comment, file, after }: NewMapping,
): Promise<Applied> {
  const read = readDraft(reader, text, file);
  if (!read.ok) return { result: 'wrong', mistakes: read.mistakes };
  return db.transaction().execute(async (tx): Promise<Applied> => {
    await lockMapping(tx);
    const inForce = await mappingInForce(tx);
    if (after !== undefined && after !== inForce) return { result: 'overtaken', version: inForce };
    if (inForce !== undefined && (await mappingVersion(tx, inForce))?.text === text)
      return { result: 'unchanged', version: inForce };
    return { result: 'applied', version: await add(tx, 'apply', { text, who, comment }) };
  });
}

export type RolledBack = Exclude<Applied, { result: 'overtaken' }> | { result: 'no-such-version' };

/** Puts the text of an earlier version in force again, as a version of its own. */
export async function rollBackMapping(
  db: Database,
  reader: Pick<MappingReader, 'read' | 'lacks'>,
  { to, who }: { to: number; who: string },
): Promise<RolledBack> {
  const earlier = await mappingVersion(db, to);
  if (!earlier) return { result: 'no-such-version' };
  const read = readDraft(reader, earlier.text, `mapping version ${to}`);
  if (!read.ok) return { result: 'wrong', mistakes: read.mistakes };
  return db.transaction().execute(async (tx) => {
    await lockMapping(tx);
    const inForce = await mappingInForce(tx);
    if (inForce !== undefined && (await mappingVersion(tx, inForce))?.text === earlier.text)
      return { result: 'unchanged', version: inForce };
    const comment = `back to version ${to}`;
    return { result: 'applied', version: await add(tx, 'rollback', { text: earlier.text, who, comment }) };
  });
}

async function add(tx: Tx, source: 'apply' | 'rollback', version: Pick<NewMapping, 'text' | 'who' | 'comment'>) {
  const { text, who, comment } = version;
  const number = await addMappingVersion(tx, { text, source, who, comment });
  const what = source === 'apply' ? 'mapping-applied' : 'mapping-rolled-back';
  await audited(tx, { who, what, subject: `mapping version ${number}`, ...(comment ? { detail: { comment } } : {}) });
  return number;
}
