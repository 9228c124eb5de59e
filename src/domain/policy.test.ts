import { describe, expect, test } from 'vitest';
import { days, hours } from './duration.ts';
import { askPolicy, endingRules, type PolicyAsked, type PolicyRule } from './policy.ts';

const source = 'a test';
const wrote = new Date('2026-03-02T12:00:00Z');
const hoursOn = (n: number) => new Date(wrote.getTime() + hours(n));
const rules: PolicyRule[] = [
  { id: 'window', rule: 'window', lasts: hours(24), messages: 3, source },
  { id: 'human-agent', rule: 'human-agent', lasts: days(7), source },
  {
    id: 'tag',
    rule: 'tag',
    tag: 'POST_PURCHASE_UPDATE',
    purposes: ['order-updates'],
    validTo: new Date('2026-04-27'),
    source,
  },
  { id: 'utility', rule: 'template', form: 'utility', purposes: ['order-updates'], source },
  {
    id: 'marketing',
    rule: 'template',
    form: 'marketing',
    purposes: ['marketing'],
    validFrom: new Date('2026-02-10'),
    source,
  },
  { id: 'regions', rule: 'regions', form: 'marketing', refused: ['DE', 'GB'], source },
  { id: 'frequency', rule: 'frequency', form: 'marketing', most: 1, per: hours(24), source },
  {
    id: 'charge',
    rule: 'charge',
    form: 'free',
    what: 'free messages are paid for',
    validFrom: new Date('2026-10-01'),
    source,
  },
];
const usual: PolicyAsked = { at: hoursOn(1), form: 'free', byPerson: true, humanAgent: true, lastCustomerAt: wrote };
const [free, human] = [
  { may: true, right: 'response', until: hoursOn(24) },
  { may: true, right: 'human-agent', until: hoursOn(168) },
];
const later = { at: new Date('2026-06-01T12:00:00Z'), lastCustomerAt: new Date('2026-05-20T12:00:00Z') };

describe('whether it may be sent', () => {
  test.each<[string, Partial<PolicyAsked>, object]>([
    ['an answer in the window', {}, free],
    ['the last moment of the window', { at: hoursOn(24) }, free],
    ['an agent’s answer after it', { at: hoursOn(25) }, human],
    ['without that permission', { at: hoursOn(25), humanAgent: false }, { may: false, why: /within 24 hours/ }],
    [
      'what no person wrote, after it',
      { at: hoursOn(25), byPerson: false },
      { may: false, why: /no person wrote/, instead: /utility/ },
    ],
    ['after seven days', { at: hoursOn(169) }, { may: false, why: /within 7 days/ }],
    ['to whoever never wrote', { lastCustomerAt: undefined }, { may: false, why: /has not written here/ }],
    ['more than the window takes', { sentInWindow: 3 }, { may: false, why: /no more messages/ }],
    [
      'an order update while tags lived',
      { at: hoursOn(200), purpose: 'order-updates', byPerson: false },
      { may: true, right: 'response', until: new Date('2026-04-27') },
    ],
    [
      'and since they do not',
      { ...later, purpose: 'order-updates', byPerson: false },
      { may: false, instead: 'an approved utility template' },
    ],
    [
      'an offer after the window, where that goes',
      { ...later, purpose: 'marketing', byPerson: false, country: 'US' },
      { may: false, instead: 'an approved marketing template' },
    ],
    [
      'an offer after the window, where it does not',
      { ...later, purpose: 'marketing', byPerson: false, country: 'DE' },
      { may: false, instead: /until the customer writes/ },
    ],
    [
      'a utility template at any time',
      { ...later, form: 'utility', purpose: 'order-updates' },
      { may: true, right: 'template', charges: [] },
    ],
    [
      'an offer as a utility template',
      { form: 'utility', purpose: 'list:spring' },
      { may: false, instead: 'an approved marketing template' },
    ],
    [
      'a marketing message',
      { form: 'marketing', purpose: 'list:spring', country: 'US' },
      { may: true, right: 'template' },
    ],
    [
      'a marketing message to Germany',
      { form: 'marketing', purpose: 'marketing', country: 'de' },
      { may: false, why: /in DE/ },
    ],
    [
      'a marketing message to nobody knows where',
      { form: 'marketing', purpose: 'marketing' },
      { may: false, why: /nothing tells where/ },
    ],
    [
      'one before there were any',
      { at: new Date('2026-01-01'), form: 'marketing', purpose: 'marketing', country: 'US' },
      { may: false, why: /has no marketing templates/ },
    ],
    [
      'a second one too soon',
      { form: 'marketing', purpose: 'marketing', country: 'US', before: [wrote] },
      { may: false, from: hoursOn(24) },
    ],
    [
      'a second one in time',
      { form: 'marketing', purpose: 'marketing', country: 'US', before: [hoursOn(-24)] },
      { may: true },
    ],
    [
      'an answer once they cost',
      { at: new Date('2026-10-01T00:00:00Z'), lastCustomerAt: new Date('2026-09-30T23:00:00Z') },
      { may: true, charges: ['free messages are paid for'] },
    ],
  ])('%s', (_, asked, expected) => {
    const answer = askPolicy(rules, { ...usual, ...asked });
    for (const [key, value] of Object.entries(expected)) {
      const told = answer[key as keyof typeof answer];
      if (value instanceof RegExp) expect(told).toMatch(value);
      else expect(told).toEqual(value);
    }
  });
});

test('rules that end within sixty days are told, those that ended or hold on are not', () => {
  const book = new Map([['a-channel', rules]]);
  const told = (day: string) => endingRules(book, new Date(day)).map(({ rule, days: left }) => [rule.id, left]);
  expect(told('2026-03-01')).toEqual([['tag', 57]]);
  expect(told('2026-01-01')).toEqual([]);
  expect(told('2026-04-27')).toEqual([]);
});
