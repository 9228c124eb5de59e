import { SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { useLanguage, useWords } from '../words/language.tsx';
import { words } from './words.ts';

export function LanguageChoice() {
  const t = useWords(words);
  const { language, speak } = useLanguage();
  return (
    <SegmentedControl
      aria-label={t('language')}
      size="xs"
      value={language}
      onChange={speak}
      data={[
        { value: 'en', label: 'English' },
        { value: 'fr', label: 'Français' },
      ]}
    />
  );
}

export function SchemeChoice() {
  const t = useWords(words);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      aria-label={t('appearance')}
      size="xs"
      value={colorScheme}
      onChange={(scheme) => setColorScheme(scheme as 'light' | 'dark' | 'auto')}
      data={[
        { value: 'light', label: t('light') },
        { value: 'dark', label: t('dark') },
        { value: 'auto', label: t('system') },
      ]}
    />
  );
}
