import { expect, test } from 'vitest';
import type { MappingContext } from './mapping.ts';
import { joined, type RoutingFacts, type RoutingRule, route } from './routing.ts';

const facts: RoutingFacts = {
  channel: 'whatsapp',
  account: 'acme-wa',
  text: 'I want a refund',
  language: 'en',
  open: true,
  known: false,
};
const context = {} as MappingContext;
const has = (word: string) => (text: string) => text.includes(word);
const rule = (
  when: RoutingRule<MappingContext>['when'],
  set: Partial<RoutingRule<MappingContext>['set']>,
  stop = false,
): RoutingRule<MappingContext> => ({
  when,
  set: { fields: () => ({}), ...set },
  stop,
});

test.each<[string, RoutingRule<MappingContext>['when'], Partial<RoutingFacts>, boolean]>([
  ['nothing asked', {}, {}, true],
  ['the channel', { channel: ['whatsapp', 'sms'] }, {}, true],
  ['another channel', { channel: ['sms'] }, {}, false],
  ['the account', { account: ['acme-wa'] }, {}, true],
  ['another account', { account: ['acme-page'] }, {}, false],
  ['a referral', { referral: [has('summer')] }, { referral: 'summer-1' }, true],
  ['no referral', { referral: [has('summer')] }, {}, false],
  ['an ad', { ad: [has('604')] }, { ad: '6045' }, true],
  ['no ad', { ad: [has('604')] }, {}, false],
  ['a word', { text: { words: [has('refund')] } }, {}, true],
  ['one of two ways', { text: { words: [has('x')], contains: [has('want')] } }, {}, true],
  ['no word', { text: { words: [has('return')] } }, {}, false],
  ['no way at all', { text: {} }, {}, false],
  ['the language', { language: ['fr', 'en'] }, {}, true],
  ['no language known', { language: ['fr'] }, { language: undefined }, false],
  ['open', { openingHours: 'open' }, {}, true],
  ['closed', { openingHours: 'closed' }, {}, false],
  ['closed while closed', { openingHours: 'closed' }, { open: false }, true],
  ['a new customer', { customer: 'new' }, {}, true],
  ['a known one', { customer: 'known' }, {}, false],
  ['a known one who is', { customer: 'known' }, { known: true }, true],
  ['an order', { order: [has('shipped')] }, { order: 'shipped' }, true],
  ['no order', { order: [has('shipped')] }, {}, false],
  ['two of which one fails', { channel: ['whatsapp'], customer: 'known' }, {}, false],
  ['two that hold', { channel: ['whatsapp'], customer: 'new' }, {}, true],
])('a rule on %s', (_, when, more, expected) => {
  const { rules } = route([rule(when, {})], { ...facts, ...more }, context);
  expect(rules.length === 1).toBe(expected);
});

test('of what several set the first decides, tags add up, the last is for everything else', () => {
  const routed = route(
    [
      rule({}, { group: 'VIP', tags: () => ['a', 'b'], fields: () => ({ x: 1 }) }),
      rule({ customer: 'known' }, { group: 'never', priority: 'urgent' }),
      rule({}, { group: 'Support', brand: 'Acme', tags: () => ['b', 'c'], fields: () => ({ x: 2, y: 3 }) }),
    ],
    facts,
    context,
  );
  expect(routed).toEqual({
    placement: { group: 'VIP', brand: 'Acme' },
    tags: ['a', 'b', 'c'],
    fields: { x: 1, y: 3 },
    rules: ['1', '3'],
  });
});

test('a rule that stops is the last one looked at, if it holds', () => {
  const rules = [rule({ customer: 'known' }, {}, true), rule({}, { type: 'task' }, true), rule({}, { group: 'no' })];
  expect(route(rules, facts, context)).toMatchObject({ placement: { type: 'task' }, rules: ['2'] });
});

test('custom fields of two rules are put together by their ids', () => {
  const a = { custom_fields: [{ id: 1, value: 'a' }] };
  const b = {
    custom_fields: [
      { id: 1, value: 'b' },
      { id: 2, value: 'c' },
    ],
    priority: 'low',
  };
  expect(joined(a, b)).toEqual({
    custom_fields: [
      { id: 1, value: 'a' },
      { id: 2, value: 'c' },
    ],
    priority: 'low',
  });
});
