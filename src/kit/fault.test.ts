import { expect, test } from '@jest/globals';
import { faultOf } from './fault.ts';

const thrownBy = (throwing: () => unknown): unknown => {
  try {
    return throwing();
  } catch (error) {
    return error;
  }
};

const refusal = Object.assign(new Error('invalid input syntax for type bigint: "CANARY"'), {
  name: 'error',
  code: '22P02',
  detail: 'Token "CANARY" is invalid.',
  table: 'messages',
  constraint: 'messages_key',
});

test.each<[string, unknown, object]>([
  ['a parser that quotes', thrownBy(() => JSON.parse('CANARY')), { why: 'SyntaxError' }],
  ['Postgres that quotes', refusal, { why: 'error 22P02 messages messages_key' }],
  ['a text', 'CANARY', { why: 'a string was thrown' }],
  ['nothing', undefined, { why: 'a undefined was thrown' }],
  ['what looks like an error', { message: 'CANARY', code: 7 }, { why: 'Error 7' }],
  ['a message that looks like a place', new Error('x\n    at CANARY (/src/y.ts:1:1)'), { why: 'Error' }],
])('%s is told without its words', (_, thrown, told) => {
  const fault = faultOf(thrown);
  expect(fault).toMatchObject(told);
  expect(JSON.stringify(fault)).not.toContain('CANARY');
});

test('a bug is told with its place in the code, and no path of this machine', () => {
  expect(faultOf(new TypeError('x is undefined')).at).toMatch(/src\/kit\/fault\.test\.ts:\d+:\d+/);
  expect(faultOf(new TypeError('x is undefined')).at).not.toContain(process.cwd());
});

test('why the database is away is told in its own words', () => {
  const full = Object.assign(new Error('could not extend file: No space left on device'), { code: '53100' });
  expect(faultOf(full)).toEqual({ why: '53100: could not extend file: No space left on device' });
  expect(faultOf(new Error('Connection terminated unexpectedly'))).toEqual({
    why: 'Connection terminated unexpectedly',
  });
});
