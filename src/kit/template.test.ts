import { expect, test } from 'vitest';
import { makeCompile } from './template.ts';

const compile = makeCompile({ customer: ['name', 'lastName'], tags: [], reason: [] });

function rendered(text: string, variables: object): string {
  const compiled = compile(text);
  if (!compiled.ok) throw new Error(compiled.problem);
  return compiled.template(variables);
}

test.each([
  ['{{ customer.name }}', { customer: { name: 'Ana <b>' } }, 'Ana <b>'],
  ['{{ customer.lastName | default: customer.name }}', { customer: { name: 'Ana', lastName: '' } }, 'Ana'],
  ['{{ customer.lastName }}!', { customer: { name: 'Ana' } }, '!'],
  ['{{ customer.name }}!', {}, '!'],
  ['{% assign x = customer.name | upcase %}{{ x }}', { customer: { name: 'ana' } }, 'ANA'],
  ['{% for tag in tags %}{{ forloop.index }}{{ tag }} {% endfor %}', { tags: ['a', 'b'] }, '1a 2b '],
  ['{% if customer.name == blank %}none{% endif %}', { customer: { name: '' } }, 'none'],
  ['{{ customer["name"] }}', { customer: { name: 'Ana' } }, 'Ana'],
  ['{{ customer.name.size }}', { customer: { name: 'Ana' } }, '3'],
  ['{{ reason | date: "%Y-%m-%d %H:%M" }}', { reason: '2026-01-31T23:30:00Z' }, '2026-01-31 23:30'],
  ['plain', {}, 'plain'],
])('%s with %j is %j', (text, variables, expected) => expect(rendered(text, variables)).toBe(expected));

test('a value is only a value, not a template', () => {
  expect(rendered('{{ customer.name }}', { customer: { name: '{{ reason }}' }, reason: 'x' })).toBe('{{ reason }}');
});

test('nothing is read from prototypes', () => {
  const customer = Object.create({ name: 'inherited' });
  expect(rendered('{{ customer.name }}', { customer })).toBe('');
});

test.each([
  ['{{ customer.name', 'not valid Liquid: output "{{ customer.name" not closed', undefined, 1, 1],
  ['a\n{{ reason | shout }}', 'not valid Liquid: undefined filter: shout', undefined, 2, 1],
  ['{% foo %}', 'not valid Liquid: tag "foo" not found', undefined, 1, 1],
  ['{% if reason %}', 'not valid Liquid: tag {% if reason %} not closed', undefined, 1, 1],
  ['{% include "/etc/passwd" %}', 'not valid Liquid: tag "include" not found', undefined, 1, 1],
  ["{% render 'x' %}", 'not valid Liquid: tag "render" not found', undefined, 1, 1],
  ['x\n\n {{ custmer.name }}', 'unknown variable custmer', 'customer', 3, 5],
  ['{{ user.name }}', 'unknown variable user', 'one of customer, tags, reason', 1, 4],
  ['{{ customer.lastname2 }}', 'unknown variable customer.lastname2', 'customer.lastName', 1, 4],
  ['{{ customer.x }}', 'unknown variable customer.x', 'one of customer.name, customer.lastName', 1, 4],
  ['{{ constructor.name }}', 'unknown variable constructor', 'one of customer, tags, reason', 1, 4],
])('%j is refused: %s', (text, problem, expected, line, column) => {
  expect(compile(text)).toEqual({ ok: false, problem, line, column, ...(expected && { expected }) });
});

test('a template that would not end is refused', () => {
  const text = '{% for a in (1..100000) %}{% for b in (1..100000) %}{{ b }}{% endfor %}{% endfor %}';
  expect(compile(text)).toMatchObject({ ok: false, line: 1 });
});
