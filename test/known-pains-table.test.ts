import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

// docs/reliability.md names the tests that prove what it says; they must be there.

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/reliability.md'), 'utf8');
const section = page.slice(page.indexOf('## What users of comparable systems suffer'));
const rows = [...section.matchAll(/^\| (?!pain \||\*\*)([^|]+) \| (.+) \|$/gm)].map(([, pain = '', proof = '']) => ({
  pain,
  proofs: [...proof.matchAll(/`((?:src|test)\/[^`]+\.test\.ts)`: “([^”]+)”/g)].map(([, file = '', name = '']) => ({
    file,
    name,
  })),
}));

/** Whether a test, or a case of a table of tests, is called exactly this. */
function isNamedIn(source: string, name: string): boolean {
  return ["'", '"', '`'].some((quote) => source.includes(`${quote}${name}${quote}`));
}

function missingOf({ file, name }: { file: string; name: string }): string[] {
  const path = join(root, file);
  if (!existsSync(path)) return [`there is no ${file}`];
  return isNamedIn(readFileSync(path, 'utf8'), name) ? [] : [`${file} has no test "${name}"`];
}

describe('each pain of comparable systems names the tests that prove it does not happen here', () => {
  test.each(rows)('$pain', ({ proofs }) => {
    expect(proofs.length).toBeGreaterThan(0);
    expect(proofs.flatMap(missingOf)).toEqual([]);
  });

  test('none of the list is left out', () => {
    expect(rows).toHaveLength(48);
    expect(new Set(rows.map(({ pain }) => pain)).size).toBe(rows.length);
  });
});

test('a test that is not there is noticed', () => {
  expect(missingOf({ file: 'test/known-pains-table.test.ts', name: 'what nobody wrote'.toUpperCase() })).toHaveLength(
    1,
  );
  expect(missingOf({ file: 'test/nowhere.test.ts', name: 'x' })).toEqual(['there is no test/nowhere.test.ts']);
});
