import { Group, Text } from '@mantine/core';
import type { CampaignView } from '../../../wire/campaigns.ts';
import { Section } from '../../parts/card.tsx';
import { FactList } from '../../parts/fact-list.tsx';
import { Ago, sayLength, sayMoment } from '../../parts/time.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { saySegment } from './say-segment.ts';
import { CampaignStateBadge } from './state-badge.tsx';
import { words } from './words.ts';

/** Whom, what, when and how fast. */
export function About({ campaign }: { campaign: CampaignView }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const { state, reason, startAt, thresholds, holdOut, approvedBy, approvedAt, changedBy, endedAt, variables } =
    campaign;
  const percent = (share: number) => share.toLocaleString(language, { style: 'percent', maximumFractionDigits: 1 });
  return (
    <Section title={t('whatItIs')}>
      <Group gap="xs">
        <CampaignStateBadge state={state} />
        <Text size="sm">{reason ?? t(`${state}About`)}</Text>
      </Group>
      {state === 'awaiting-approval' && campaign.own && <Text size="sm">{t('ownAbout')}</Text>}
      <FactList
        facts={{
          [t('purpose')]: campaign.purpose,
          [t('segment')]: saySegment(campaign.segment, t, language).join(' · '),
          [t('holdOut')]: holdOut > 0 && percent(holdOut),
          [t('texts')]: campaign.texts,
          [t('variables')]: Object.entries(variables)
            .map(([name, value]) => `${name}: ${value}`)
            .join(', '),
          [t('speed')]: t('perMinute', { n: campaign.perMinute }),
          [t('begins')]: startAt ? sayMoment(new Date(startAt), language) : t('atOnce'),
          [t('givesUp')]: sayLength(campaign.expiresAfterMs, language),
          [t('stopsAt')]: t('stopsAtMore', {
            optOuts: percent(thresholds.optOuts),
            failures: percent(thresholds.failures),
            after: thresholds.after,
          }),
          [t('made')]: (
            <>
              {campaign.madeBy}, <Ago at={campaign.madeAt} />
            </>
          ),
          [t('changed')]: changedBy.join(', '),
          [t('approved')]: approvedBy && approvedAt && (
            <>
              {approvedBy}, <Ago at={approvedAt} />
            </>
          ),
          [t('ended')]: endedAt && <Ago at={endedAt} />,
        }}
      />
    </Section>
  );
}
