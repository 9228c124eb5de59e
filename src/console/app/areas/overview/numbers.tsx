import { Card, SimpleGrid, Text } from '@mantine/core';
import type { Figures, Overview } from '../../../wire/overview.ts';
import { sayLength } from '../../parts/time.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { words } from './words.ts';

/** The few numbers that tell whether all is well. */
export function Numbers({ overview, figures }: { overview: Overview; figures: Figures }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const { half, most } = figures.toTicket;
  const waiting = overview.backlogs.reduce((sum, each) => sum + each.waiting, 0);
  const oldest = Math.max(0, ...overview.backlogs.map((each) => each.oldest));
  const length = (seconds: number) => sayLength(seconds * 1_000, language);
  const total = (what: 'in' | 'out') =>
    figures.steps.reduce((sum, step) => sum + step[what], 0).toLocaleString(language);
  const files = overview.filesWaiting > 0 ? t('filesWaiting', { n: overview.filesWaiting }) : undefined;
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }}>
      <Stat label={t('in')} value={total('in')} more={files} />
      <Stat label={t('out')} value={total('out')} />
      <Stat
        label={t('toTicket')}
        value={half === null ? '–' : length(half)}
        more={most === null ? t('none') : t('toTicketMost', { time: length(most) })}
      />
      <Stat
        label={t('waiting')}
        value={waiting.toLocaleString(language)}
        more={waiting === 0 ? t('nothingWaits') : t('waitingOldest', { time: length(oldest) })}
      />
    </SimpleGrid>
  );
}

function Stat({ label, value, more }: { label: string; value: string; more?: string | undefined }) {
  return (
    <Card withBorder padding="md">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz={28} fw={650} lh={1.2}>
        {value}
      </Text>
      <Text size="xs" c="dimmed" mih="1.5em">
        {more}
      </Text>
    </Card>
  );
}
