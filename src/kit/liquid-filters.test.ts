import { expect, test } from 'vitest';
import { liquidFilters } from './liquid-filters.ts';
import { makeCompile } from './template.ts';

const render = (text: string): string => {
  const compiled = makeCompile({})(text);
  return compiled.ok ? compiled.template({}) : `refused: ${compiled.problem}`;
};

test.each(Object.entries(liquidFilters))('%s does what its example says', (_, { example, gives }) => {
  expect(render(example)).toBe(gives);
});

test.each([
  ['{{ "call me" | phone }}', 'call me'],
  ['{{ "+33612345678" | phone }}', '+33 6 12 34 56 78'],
  ['{{ "+33612345678" | phone: "e164" }}', '+33612345678'],
  ['{{ "yesterday" | in_zone: "Europe/Paris" }}', 'yesterday'],
  ['{{ "2026-01-31T09:00:00Z" | in_zone: "Nowhere" }}', '2026-01-31T09:00:00Z'],
  ['{{ "2026-01-31T09:00:00Z" | in_zone: "Asia/Tokyo" }}', '2026-01-31 18:00'],
  ['{{ "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧" | shorten: 2 }}', '👩‍👩‍👧…'],
  ['{{ "short" | shorten: "x" }}', 'short'],
  ['{{ nothing | digits }}', 'refused: unknown variable nothing'],
])('%s is %j', (text, expected) => expect(render(text)).toBe(expected));
