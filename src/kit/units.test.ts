import { expect, test } from 'vitest';
import { describeBytes, parseBytes, parseDuration } from './units.ts';

test.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['15m', 900_000],
  ['72h', 259_200_000],
  ['7d', 604_800_000],
  ['1.5 h', 5_400_000],
  ['2W', 1_209_600_000],
  ['0', 0],
  [0, 0],
  ['7', undefined],
  [7, undefined],
  ['7 days', undefined],
  ['-1d', undefined],
  ['constructor', undefined],
  ['', undefined],
  [undefined, undefined],
])('the duration %j is %j milliseconds', (text, ms) => expect(parseDuration(text)).toBe(ms));

test.each([
  ['5mb', 5_242_880],
  ['512 kB', 524_288],
  ['1gb', 1_073_741_824],
  ['100', 100],
  [100, 100],
  [1.5, undefined],
  [-1, undefined],
  ['5 elephants', undefined],
  [null, undefined],
])('the size %j is %j bytes', (text, bytes) => expect(parseBytes(text)).toBe(bytes));

test.each([
  [12, '12 bytes'],
  [1536, '1.5 kB'],
  [5_242_880, '5 MB'],
  [1_073_741_824, '1 GB'],
])('%j bytes read as %j', (bytes, text) => expect(describeBytes(bytes)).toBe(text));
