import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeId, readId, toLongId } from './ids.ts';

test('the last three characters tell upper from lower case', () => {
  expect(toLongId('001A0000006Vm9u')).toBe('001A0000006Vm9uIAC');
  expect(toLongId('003000000000001')).toBe('003000000000001AAA');
});

test('every number makes another id that reads back, in both lengths', () => {
  fc.assert(
    fc.property(fc.nat(50_000_000), fc.nat(50_000_000), (a, b) => {
      const id = makeId('00T', a);
      expect([readId(id), readId(id.slice(0, 15))]).toEqual([id, id]);
      expect(id === makeId('00T', b)).toBe(a === b);
    }),
  );
});

test.each(['', '003', '003000000000001AAB', '003000000000001AA', '../00000000001', 7])('%j is no id', (value) => {
  expect(readId(value)).toBeUndefined();
});
