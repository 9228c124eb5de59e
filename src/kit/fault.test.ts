import { expect, test } from 'vitest';
import { faultInWords, faultOf, isOutage } from './fault.ts';

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

const withCode = (code: string) => Object.assign(new Error('Ann wrote: hello'), { code });

test.each([
  ['a refused connection', withCode('ECONNREFUSED'), true],
  ['a broken pipe', withCode('EPIPE'), true],
  ['a database that is stopping', withCode('57P01'), true],
  ['too many connections', withCode('53300'), true],
  ['a deadlock', withCode('40P01'), true],
  ['a missing column', withCode('42703'), true],
  ['a value the column does not take', withCode('22P05'), false],
  ['a constraint', withCode('23505'), false],
  ['a wrong argument to Node', withCode('ERR_INVALID_ARG_TYPE'), false],
  ['a bug', new TypeError('x is not a function'), false],
  ['something that is no error', 'oops', false],
])('%s: an outage or not', (_, error, outage) => expect(isOutage(error)).toBe(outage));

test('in a line it tells what and where, and no words of anybody', () => {
  expect(faultInWords(withCode('22P05'))).toMatch(/^Error 22P05 in .*src\/kit\/fault\.test\.ts:\d+:\d+\)?$/);
  expect(faultInWords({ message: 'Ann' })).toBe('Error');
  expect(faultInWords('Ann')).toBe('a string was thrown');
});
