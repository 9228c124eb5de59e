// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what mappings hold.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MappingContext } from '../../src/domain/mapping.ts';
import { route } from '../../src/domain/routing.ts';
import { readMappingText } from '../../src/settings/mapping.ts';

const read = (text: string) => readMappingText({ file: 'draft', text, env: { TEAM: 'vip' } });

const example = readFileSync(join(import.meta.dirname, '../../config/example.mapping.yaml'), 'utf8');
/** The example with the rules, hours and texts that it shows in comments. */
const whole = uncommented(example);

function uncommented(text: string): string {
  let within = false;
  const lines = text.split('\n').map((line) => {
    const begins = ['routing: []', 'automaticTexts: {}', '# openingHours:'].includes(line);
    within = begins || (within && line !== '');
    if (begins && !line.startsWith('#')) return line.replace(/ [[{].*/, '');
    return within ? line.replace(/^# /, '') : line;
  });
  return lines.join('\n');
}

const anyString = fc.string({ unit: 'binary', maxLength: 300 });
const pieces = [
  '{{',
  '}}',
  '{%',
  '%}',
  '- ',
  ': ',
  '[',
  ']',
  '"',
  "'",
  '\n',
  '\n  ',
  '|',
  '&a',
  '*a',
  '<<',
  '\t',
  '${TEAM}',
  '${',
  '#',
];
const words = [
  'tickets',
  'routing',
  'when',
  'set',
  'text',
  'matches',
  'automaticTexts',
  'welcome',
  'customer.name',
  'for i in (1..99999999)',
  'openingHours',
  '09:00-10:00',
  '~',
  '1e999',
  '!!js/function',
];
const yamlish = fc.array(fc.constantFrom(...pieces, ...words), { maxLength: 40 }).map((parts) => parts.join(''));
/** The example, with a piece of it gone or something put in. */
const mutated = fc
  .tuple(fc.nat({ max: example.length }), fc.nat({ max: 40 }), fc.oneof(anyString, yamlish))
  .map(([from, gone, added]) => example.slice(0, from) + added + example.slice(from + gone));
const anyMapping = fc
  .dictionary(
    fc.constantFrom(
      'tickets',
      'routing',
      'requester',
      'contacts',
      'history',
      'notes',
      'openingHours',
      'automaticTexts',
      'x',
    ),
    fc.jsonValue(),
  )
  .map((value) => JSON.stringify(value));

function isClear(text: string): void {
  const result = read(text);
  if (result.ok) return;
  expect(result.mistakes.length).toBeGreaterThan(0);
  for (const { file, line, column, problem } of result.mistakes) {
    expect(file).toBe('draft');
    expect(problem).not.toBe('');
    expect(line).toBeGreaterThanOrEqual(0);
    expect(line).toBeLessThanOrEqual(text.split('\n').length + 1);
    expect(column).toBeGreaterThanOrEqual(0);
  }
}

test('whatever text is given as a mapping, it is taken or its mistakes are told with their places', () => {
  fc.assert(fc.property(fc.oneof(anyString, yamlish, mutated, anyMapping), isClear), { numRuns: 400 });
});

test('the example holds, and so does all that it shows in comments', () => {
  expect(read(example)).toMatchObject({ ok: true });
  const result = read(whole);
  expect(result.ok ? [] : result.mistakes).toEqual([]);
});

const context: MappingContext = {
  channel: { id: 'a', kind: 'messenger', label: 'Messenger' },
  customer: { name: 'Ana', platformUserId: '1' },
  conversation: { id: '1' },
};

test('no words of a customer make the rules of the example throw, or hold them up', () => {
  const result = read(whole);
  if (!result.ok) throw new Error('the example is wrong');
  const { routing, tickets } = result.mapping;
  fc.assert(
    fc.property(anyString, fc.option(anyString, { nil: undefined }), (text, ref) => {
      const facts = {
        channel: 'whatsapp',
        account: 'acme-page',
        text,
        referral: ref,
        ad: ref,
        open: true,
        known: true,
        order: ref,
      };
      const spoken = { ...context, customer: { ...context.customer, name: text } };
      const routed = route(routing, facts, { ...spoken, ...(ref ? { referral: { ref } } : {}) });
      expect(routed.placement.group).toBeDefined();
      expect(tickets.subject(spoken)).not.toMatch(/\n/);
    }),
  );
});

test.each([
  ['{% for a in (1..5000) %}{% for b in (1..5000) %}{{ b }}{% endfor %}{% endfor %}'],
  [
    '{% assign x = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" %}{% for a in (1..40) %}{% assign x = x | append: x %}{% endfor %}{{ x }}',
  ],
])('a text that would not end, or fill the memory, is refused: %s', (template) => {
  const result = read(`tickets:\n  subject: '${template}'`);
  expect(result.ok ? [] : result.mistakes.map(({ line, path }) => [line, path])).toEqual([[2, 'tickets.subject']]);
});
