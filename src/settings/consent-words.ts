import { join } from 'node:path';
import { z } from 'zod';
import { describeMistake } from './mistake.ts';
import { readData } from './policy.ts';

const byLanguage = z.record(
  z.string().regex(/^[a-z]{2,3}$/, 'not a language such as fr'),
  z.array(z.string().min(1)).min(1),
);
const schema = z.strictObject({ stop: byLanguage, start: byLanguage, help: byLanguage, yes: byLanguage });

const file = join(import.meta.dirname, '../../config/consent-words.yaml');

/** The words that are shipped, of all languages together. A mistake in them is one of ours. */
export function readConsentWords(): Record<'stop' | 'start' | 'help' | 'yes', string[]> {
  const { value, mistakes } = readData(schema, file);
  if (!value)
    throw new Error(`config/consent-words.yaml is missing or wrong: ${mistakes.map(describeMistake).join('; ')}`);
  const all = (of: Record<string, string[]>) => Object.values(of).flat();
  return { stop: all(value.stop), start: all(value.start), help: all(value.help), yes: all(value.yes) };
}
