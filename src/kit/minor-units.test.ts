import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minorUnits } from './minor-units.ts';

test.each([
  ['129.90', 'EUR', 12990],
  ['0.07', 'USD', 7],
  ['129', 'EUR', 12900],
  ['1.1', 'EUR', 110],
  ['129.900', 'EUR', 12990],
  ['129.905', 'EUR', undefined],
  ['1500', 'JPY', 1500],
  ['1500.00', 'JPY', 1500],
  ['1.234', 'KWD', 1234],
  ['-5.00', 'EUR', -500],
  [12.5, 'EUR', 1250],
  ['12,50', 'EUR', undefined],
  ['', 'EUR', undefined],
  ['1e3', 'EUR', undefined],
  ['12.50', 'euro', undefined],
  ['99999999999999999', 'EUR', undefined],
])('%j of %s is %j', (amount, currency, minor) => expect(minorUnits(amount, currency)).toBe(minor));

test('what a shop writes with two digits comes out to the cent', () =>
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (cents) => {
      const text = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
      expect(minorUnits(text, 'EUR')).toBe(cents);
    }),
  ));
