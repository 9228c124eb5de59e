import type { Language } from '../words/catalogue.ts';

/** An amount in minor units, as people write it: 12900 EUR is “€129.00”. Without a currency it is only a number. */
export function sayMoney(minor: number | null, currency: string | null, language: Language): string {
  if (minor === null) return '–';
  if (currency === null) return minor.toLocaleString(language);
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
