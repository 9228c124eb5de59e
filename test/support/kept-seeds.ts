import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';

const file = fileURLToPath(new URL('../properties/failing-seeds.json', import.meta.url));

interface KeptSeed {
  seed: number;
  path?: string;
}

const read = (): Record<string, KeptSeed[]> => JSON.parse(readFileSync(file, 'utf8'));

/**
 * Tries a property on what made it fail before, then on new values. What makes it fail is written to
 * `properties/failing-seeds.json`: put the file under version control with the fix, so that it is tried for ever.
 */
export async function holds<Values>(name: string, property: fc.IAsyncProperty<Values>, numRuns: number): Promise<void> {
  // The first failure is told as it is: making it smaller would take minutes.
  const told = { endOnFailure: true };
  for (const { seed } of read()[name] ?? []) await fc.assert(property, { seed, numRuns, ...told });
  const found = await fc.check(property, { numRuns, ...told });
  if (!found.failed) return;
  keep(name, { seed: found.seed, ...(found.counterexamplePath && { path: found.counterexamplePath }) });
  throw new Error(await fc.asyncDefaultReportMessage(found));
}

function keep(name: string, seed: KeptSeed): void {
  const seeds = read();
  writeFileSync(file, `${JSON.stringify({ ...seeds, [name]: [...(seeds[name] ?? []), seed] }, null, 2)}\n`);
}
