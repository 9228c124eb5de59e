import { asRecord, parseJson } from '../json.ts';

/** The outer shape of every webhook of Meta's: what kind of thing changed, and one entry per thing. */
export interface Envelope {
  object: string;
  entries: unknown[];
}

/** Reads the outer shape. `taken` are the objects this channel knows; anything else is malformed, with a reason. */
export function readEnvelope(body: Buffer, taken: readonly string[]): Envelope | { malformed: string } {
  const json = parsed(body);
  if (json === undefined) return { malformed: 'the body is not JSON' };
  const outer = asRecord(json);
  if (!outer) return { malformed: 'the body is not a JSON object' };
  const { object, entry } = outer;
  if (typeof object !== 'string') return { malformed: 'the body has no "object"' };
  if (!taken.includes(object)) return { malformed: `"object" is none of ${taken.join(', ')}` };
  if (!Array.isArray(entry)) return { malformed: '"entry" is missing or not a list' };
  return { object, entries: entry };
}

function parsed(body: Buffer): unknown {
  try {
    return parseJson(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
