import { expect, test } from 'vitest';
import type { PolicyRule } from '../../domain/policy.ts';
import { policyFindings } from './policy-check.ts';

const now = new Date('2026-03-01T00:00:00Z');
const tag = (id: string, validTo: string): PolicyRule => ({
  ...{ id, rule: 'tag', tag: 'POST_PURCHASE_UPDATE', purposes: ['order-updates'], source: 'a test' },
  validTo: new Date(validTo),
});
const book = new Map([
  ['messenger', [tag('soon', '2026-04-27'), tag('later', '2026-06-01'), tag('over', '2026-02-01')]],
  ['instagram', [tag('unused', '2026-03-10')]],
]);

test('a rule that ends within 60 days is told with its day, where its channel is in use', () => {
  expect(policyFindings(book, new Set(['messenger']), now)).toEqual([
    expect.objectContaining({
      ...{ ok: true, warning: true },
      what: expect.stringContaining('messenger'),
      why: 'this rule (soon) ends on 2026-04-27, in 57 days',
    }),
  ]);
});

test('where none does that is said', () => {
  expect(policyFindings(book, new Set(['line']), now)).toEqual([
    { ok: true, what: 'no rule of a platform ends within 60 days' },
  ]);
});
