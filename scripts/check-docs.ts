// Part of `npm run check`: the reference pages are drawn from the code, and the other pages must fit it.
//   node scripts/run.mjs scripts/check-docs.ts            compares; exit code 1 and what is wrong
//   node scripts/run.mjs scripts/check-docs.ts --write    writes the reference pages anew
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cliPage } from './docs/cli-page.ts';
import { brokenLinks } from './docs/links.ts';
import { mappingPage } from './docs/mapping-page.ts';
import { unmentioned } from './docs/mentions.ts';
import { metricsPage } from './docs/metrics-page.ts';
import { policyPage } from './docs/policy-page.ts';
import { settingsPage } from './docs/settings-page.ts';
import { stepsPage } from './docs/steps-page.ts';

const root = join(import.meta.dirname, '..');
const rewrite = 'node scripts/run.mjs scripts/check-docs.ts --write';

const pages: Record<string, (root: string) => string | Promise<string>> = {
  'docs/reference/settings.md': settingsPage,
  'docs/reference/mapping.md': mappingPage,
  'docs/reference/metrics.md': metricsPage,
  'docs/reference/policy.md': policyPage,
  'docs/reference/steps.md': stepsPage,
  'docs/reference/cli.md': cliPage,
};

/** Writes a page, or tells how the one that is there differs. */
async function settle(file: string, drawn: string, write: boolean): Promise<string[]> {
  const path = join(root, file);
  const there = await readFile(path, 'utf8').catch(() => undefined);
  if (there === drawn) return [];
  if (!write) return [there === undefined ? `${file} is missing` : `${file} ${firstDifference(there, drawn)}`];
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, drawn);
  console.log(`${file} written`);
  return [];
}

function firstDifference(there: string, drawn: string): string {
  const [old, now] = [there.split('\n'), drawn.split('\n')];
  const line = now.findIndex((text, index) => text !== old[index]);
  const at = line < 0 ? now.length : line;
  return `differs from the code in line ${at + 1}\n    there: ${old[at] ?? '(nothing)'}\n    code:  ${now[at] ?? '(nothing)'}`;
}

async function check(write: boolean): Promise<string[]> {
  const stale: string[] = [];
  for (const [file, draw] of Object.entries(pages)) stale.push(...(await settle(file, await draw(root), write)));
  const others = [...(await unmentioned(root)), ...(await brokenLinks(root))];
  return [...stale.map((problem) => `${problem}\n    to update it: ${rewrite}`), ...others];
}

const problems = await check(process.argv.includes('--write'));
for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0 ? 'The documentation fits the code.' : `${problems.length} to mend in the documentation.`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
