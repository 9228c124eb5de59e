import { expect, test } from 'vitest';
import { csvLine } from './csv.ts';

test.each([
  [['a', 'b'], 'a,b'],
  [['a,b', 'c'], '"a,b",c'],
  [['say "hi"'], '"say ""hi"""'],
  [['two\nlines'], '"two\nlines"'],
  [['=1+1', '@cmd', '+x'], "'=1+1,'@cmd,'+x"],
  [['-5', '+4791234567', '1.5'], '-5,+4791234567,1.5'],
  [['', ''], ','],
])('%j is %s', (cells, line) => {
  expect(csvLine(cells)).toBe(line);
});
