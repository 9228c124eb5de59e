import { expect, test } from '@jest/globals';
import { isOutage, placeOf } from './failure.ts';

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
])('%s', (_, error, outage) => expect(isOutage(error)).toBe(outage));

test('the place of a failure tells no words of anybody', () => {
  expect(placeOf(withCode('22P05'))).toBe('Error (22P05) in src/kit/failure.test.ts:4');
  expect(placeOf(new RangeError('Ann'))).toMatch(/^RangeError in src\/kit\/failure\.test\.ts:\d+$/);
  expect(placeOf({ message: 'Ann' })).toBe('object');
});
