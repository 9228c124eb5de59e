/** How many digits the minor unit of a currency has (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD. An unknown one has 2. */
export function minorDigits(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** Whether this is a currency as ISO 4217 writes them. */
export const isCurrency = (text: string): boolean =>
  /^[A-Z]{3}$/.test(text) && Intl.supportedValuesOf('currency').includes(text);

/** Minor units as people of a language write the amount: 12900 EUR is “€129.00”, in French “129,00 €”. */
export function money(minor: number, currency: string, language = 'en'): string {
  const amount = minor / 10 ** minorDigits(currency);
  try {
    // Blanks that do not break are in no alphabet of 7 bits: a text with one would cost twice as much.
    return new Intl.NumberFormat(language, { style: 'currency', currency })
      .format(amount)
      .replace(/[\u00a0\u202f]/g, ' ');
  } catch {
    return `${amount} ${currency}`;
  }
}

/** As a decimal number with as many digits as the currency has: what platforms want. */
export const decimal = (minor: number, currency: string): number => {
  const digits = minorDigits(currency);
  return Number((minor / 10 ** digits).toFixed(digits));
};
