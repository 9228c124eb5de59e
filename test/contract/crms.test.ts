import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Crm } from '../../src/crms/crm.ts';
import * as registry from '../../src/crms/registry.ts';
import { fieldsWithoutWords, sampleCrms } from './samples.ts';

const crms = Object.values(registry) as unknown as Crm[];

test('there are CRMs, and no two of one kind', () => {
  expect(crms.length).toBeGreaterThan(0);
  expect(new Set(crms.map(({ kind }) => kind)).size).toBe(crms.length);
});

describe.each(crms.map((crm) => [crm.kind, crm] as const))('%s', (kind, crm) => {
  test('has a kind fit for URLs and rows, a label, a folder with a README and tests', () => {
    expect(kind).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
    expect(crm.label).toMatch(/^\S.*\S$/);
    const folder = fileURLToPath(new URL(`../../src/crms/${kind}`, import.meta.url));
    expect(existsSync(join(folder, 'README.md'))).toBe(true);
    expect(readdirSync(folder).filter((name) => name.endsWith('.test.ts')).length).toBeGreaterThan(0);
  });

  test('its account describes every field, takes good settings and refuses what it does not know', () => {
    const sample = sampleCrms[kind]!;
    expect(fieldsWithoutWords(crm.account)).toEqual([]);
    expect(crm.account.safeParse(sample).success).toBe(true);
    expect(crm.account.safeParse({ ...sample, colour: 'blue' }).success).toBe(false);
    expect(crm.account.safeParse({ ...sample, kind: 'other' }).success).toBe(false);
    expect(crm.account.safeParse({ id: sample['id'], kind }).success).toBe(false);
  });

  test('no secret of its account shows when it is printed', () => {
    const account = crm.account.parse(sampleCrms[kind]);
    expect(`${JSON.stringify(account)} ${Object.values(account).join(' ')}`).not.toContain('CANARY');
  });

  test('limits are such as a CRM can have', () => {
    expect(crm.limits.subjectLength).toBeGreaterThanOrEqual(80);
    expect(crm.limits.descriptionLength).toBeGreaterThan(crm.limits.subjectLength);
  });
});
