import { Group, Progress, Stack, Text } from '@mantine/core';
import type { AccountLimits } from '../../../wire/accounts.ts';
import { Section } from '../../parts/card.tsx';
import { sayLength } from '../../parts/time.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { words } from './words.ts';

/** The platform's window as a line: from the customer's message to when nothing more may be written. */
export function WindowDrawn({ limits }: { limits: AccountLimits }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const { windowMs, humanWindowMs, messagesPerWindow } = limits;
  const length = (ms: number) => sayLength(ms, language);
  const afterwards = limits.afterWindow ?? t(limits.templates ? 'afterTemplates' : 'afterNothing');
  if (windowMs === null)
    return (
      <Section title={t('window')}>
        <Text size="sm">{t('always')}</Text>
      </Section>
    );
  const spans = [
    { ms: windowMs, what: t('freely'), color: 'teal.8' },
    ...(humanWindowMs === null ? [] : [{ ms: humanWindowMs, what: t('byPerson'), color: 'blue.8' }]),
  ];
  return (
    <Section title={t('window')}>
      <Stack gap={6}>
        <Text size="xs" c="dimmed">
          {t('customerWrites')}
        </Text>
        <Progress.Root size={10} aria-hidden>
          <Progress.Section value={humanWindowMs === null ? 75 : 40} color="teal.8" />
          {humanWindowMs !== null && <Progress.Section value={45} color="blue.8" />}
        </Progress.Root>
        {spans.map(({ ms, what, color }) => (
          <Group key={what} gap="xs" wrap="nowrap">
            <Text c={color} aria-hidden>
              ●
            </Text>
            <Text size="sm">
              ≤ {length(ms)}: {what}
            </Text>
          </Group>
        ))}
        <Text size="sm">{t('afterwards', { what: afterwards })}</Text>
        {messagesPerWindow !== null && <Text size="sm">{t('perWindow', { n: messagesPerWindow })}</Text>}
      </Stack>
    </Section>
  );
}
