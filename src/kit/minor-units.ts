import { isCurrency, minorDigits } from './money.ts';

/**
 * `"129.90"` of EUR as 12990, exactly: the digits are moved, nothing is multiplied. Undefined for what is no decimal number, or
 * has more digits than the currency.
 */
export function minorUnits(amount: unknown, currency: string): number | undefined {
  if (!isCurrency(currency)) return undefined;
  const digits = minorDigits(currency);
  const [, sign, whole, fraction = ''] = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(String(amount).trim()) ?? [];
  if (whole === undefined) return undefined;
  if (/[^0]/.test(fraction.slice(digits))) return undefined;
  const minor = Number(`${whole}${fraction.slice(0, digits).padEnd(digits, '0')}`);
  if (!Number.isSafeInteger(minor)) return undefined;
  return sign === '-' && minor !== 0 ? -minor : minor;
}
