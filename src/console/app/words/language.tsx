import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { type Catalogue, fillIn, type Language, languages, type Values } from './catalogue.ts';

interface Spoken {
  language: Language;
  speak(language: Language): void;
}

const SpokenContext = createContext<Spoken>({ language: 'en', speak: () => undefined });
const key = 'passerelle-language';

function firstLanguage(): Language {
  const wished = [localStorage.getItem(key), ...navigator.languages.map((each) => each.slice(0, 2))];
  return (
    wished.map((each) => languages.find((language) => language === each)).find((each) => each !== undefined) ?? 'en'
  );
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const spoken = useMemo(
    () => ({
      language,
      speak: (wished: Language) => {
        localStorage.setItem(key, wished);
        setLanguage(wished);
      },
    }),
    [language],
  );
  return <SpokenContext value={spoken}>{children}</SpokenContext>;
}

export const useLanguage = (): Spoken => useContext(SpokenContext);

/** The texts of a catalogue in the language spoken: `const t = useWords(words); t('title')`. */
export function useWords<Key extends string>(words: Catalogue<Key>): (key: Key, values?: Values) => string {
  const { language } = useLanguage();
  return (each, values) => fillIn(words[language][each], language, values);
}
