import { Progress as Bar, Text } from '@mantine/core';
import type { CampaignView } from '../../../wire/campaigns.ts';
import { Section } from '../../parts/card.tsx';
import { sayLength } from '../../parts/time.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { words } from './words.ts';

/** How many were let go, as it happens. */
export function Progress({ campaign }: { campaign: CampaignView }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const { planned, released, state, perMinute } = campaign;
  const share = planned === 0 ? 100 : Math.round((released / planned) * 100);
  const left = Math.max(0, planned - released);
  return (
    <Section title={t('progress')} about={t('progressAbout')}>
      <Text size="sm" role="status">
        {t('letGoOf', { n: released, planned })}
      </Text>
      <Bar.Root size="lg">
        <Bar.Section value={share} aria-label={t('progress')} />
      </Bar.Root>
      {state === 'running' && left > 0 && (
        <Text size="xs" c="dimmed">
          {t('left', { length: sayLength((left / perMinute) * 60_000, language) })}
        </Text>
      )}
    </Section>
  );
}
