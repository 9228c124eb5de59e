import { expect, test } from 'vitest';
import { begunWith, kindOf, withOneMore, withOneMoved, withoutOne, withValue } from './form-document.ts';

const rules = `# where tickets go
routing:
  # the parcel people
  - name: parcels
    set: { group: Parcels }
  - set:
      group: Support # everybody else
`;

test('one more comes at the end; the first makes the list', () => {
  expect(withOneMore(rules, ['routing'], { set: {} })).toBe(`${rules}  - set: {}\n`);
  for (const nothing of ['', '{}\n'])
    expect(withOneMore(nothing, ['routing'], { set: {} })).toBe('routing:\n  - set: {}\n');
});

test('one is moved with its comments; past an end nothing moves', () => {
  const moved = withOneMoved(rules, ['routing'], 1, -1);
  expect(moved.indexOf('Support # everybody else')).toBeLessThan(moved.indexOf('# the parcel people'));
  expect(moved.indexOf('# the parcel people')).toBeLessThan(moved.indexOf('name: parcels'));
  expect(withOneMoved(rules, ['routing'], 1, 1)).toBe(rules);
  expect(withOneMoved(rules, ['routing'], 0, -1)).toBe(rules);
});

test('one is removed; with the last the list goes', () => {
  const one = withoutOne(rules, ['routing'], 0);
  expect(one).toContain('group: Support # everybody else');
  expect(one).not.toContain('parcels');
  expect(withoutOne(one, ['routing'], 0)).not.toContain('routing');
});

test('a value in a rule is set where nothing was, and taken out without taking the rule along', () => {
  const set = withValue(rules, ['routing', 1, 'when', 'text', 'words'], 'invoice');
  expect(set).toContain('when:\n      text:\n        words: invoice');
  expect(withValue('routing:\n  - set:\n      group: A\n', ['routing', 0, 'set', 'group'], undefined)).toBe(
    'routing:\n  - set: {}\n',
  );
});

test.each([
  ['a text or several', { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }, 'one-or-more'],
  ['a list of rules', { type: 'array', items: { type: 'object', properties: { a: {} } } }, 'list'],
  ['a text or texts by language', { anyOf: [{ type: 'string' }, { type: 'object' }] }, 'only-yaml'],
  ['free fields', { type: 'object' }, 'only-yaml'],
])('%s is drawn as such', (_, schema, kind) => {
  expect(kindOf(schema)).toBe(kind);
});

test('a new rule has what it must have', () => {
  const properties = {
    set: { type: 'object', properties: {} },
    on: { type: 'string', enum: ['email', 'phone'] },
    name: { type: 'string' },
  };
  expect(begunWith({ properties, required: ['set', 'on'] })).toEqual({ set: {}, on: 'email' });
});
