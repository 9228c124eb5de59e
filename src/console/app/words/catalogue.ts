/** A text, or one for each number: `{ one: '{n} ticket', other: '{n} tickets' }`. `{name}` is filled in. */
export type Text = string | { one: string; other: string };
export type Language = 'en' | 'fr';
export const languages: readonly Language[] = ['en', 'fr'];

export type Catalogue<Key extends string> = Readonly<Record<Language, Readonly<Record<Key, Text>>>>;

/** The texts of one area. What is missing in a language, or is only in one, does not compile. */
export const catalogue = <const English extends Readonly<Record<string, Text>>>(
  en: English,
  fr: Readonly<Record<keyof English, Text>>,
): Catalogue<keyof English & string> => ({ en, fr }) as Catalogue<keyof English & string>;

export type Values = Readonly<Record<string, string | number>>;

/** Fills a text in; numbers are written as the language writes them, and no line begins with what French sets apart by a space. */
export function fillIn(text: Text, language: Language, values: Values = {}): string {
  const { n } = values;
  const found = typeof text === 'string' ? text : text[pluralForm(language, typeof n === 'number' ? n : 0)];
  const form = language === 'fr' ? found.replace(/ (?=[:;?!»%])|(?<=«) /g, '\u00a0') : found;
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return typeof value === 'number' ? value.toLocaleString(language) : (value ?? whole);
  });
}

const pluralForm = (language: Language, n: number): 'one' | 'other' =>
  new Intl.PluralRules(language).select(n) === 'one' ? 'one' : 'other';
