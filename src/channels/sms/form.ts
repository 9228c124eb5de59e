import { storable } from '../shared/json.ts';

/** The fields of a webhook of Twilio's, each once; what it leaves out is undefined, and so is what it leaves empty. */
export interface Form {
  get(name: string): string | undefined;
  /** All of it, for a fingerprint. */
  all: Record<string, string>;
}

/** Reads `application/x-www-form-urlencoded`. Any bytes can be read; of a repeated field the first counts. */
export function readForm(body: Buffer): Form {
  const fields = new URLSearchParams(body.toString('utf8'));
  return formOf([...fields].reverse());
}

/** The same from fields that were read elsewhere. */
export function formOf(fields: readonly (readonly [name: string, value: string])[]): Form {
  const all = Object.fromEntries(fields.map(([name, value]) => [name, storable(value)]));
  return { all, get: (name) => (Object.hasOwn(all, name) && all[name] !== '' ? all[name] : undefined) };
}
