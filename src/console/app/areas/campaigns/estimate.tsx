import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { CampaignEstimate } from '../../../wire/campaigns.ts';
import { ask } from '../../api/client.ts';
import { Section } from '../../parts/card.tsx';
import { Shown } from '../../parts/states.tsx';
import { sayLength } from '../../parts/time.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { words } from './words.ts';

export const useEstimate = (path: string, enabled = true) =>
  useQuery({
    queryKey: [`${path}/estimate`],
    queryFn: ({ signal }) => ask<CampaignEstimate>(`${path}/estimate`, {}, signal),
    enabled,
  });

/** How large it would be now, and what it would cost. */
export function Estimate({ path }: { path: string }) {
  const t = useWords(words);
  return (
    <Section title={t('size')} about={t('sizeAbout')}>
      <Shown of={useEstimate(path)}>{(estimate) => <Size estimate={estimate} />}</Shown>
    </Section>
  );
}

export function Size({ estimate }: { estimate: CampaignEstimate }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const { customers, heldOut, accounts, minutes, costs, withoutPrice } = estimate;
  const money = ({ currency, amount }: CampaignEstimate['costs'][number]) =>
    new Intl.NumberFormat(language, { style: 'currency', currency }).format(amount);
  return (
    <Stack gap={4} role="status">
      <Text fw={600}>{t('wouldTell', { n: customers })}</Text>
      {heldOut > 0 && <Text size="sm">{t('wouldHoldOut', { n: heldOut })}</Text>}
      <Text size="sm">{t('wouldTake', { length: sayLength(minutes * 60_000, language) })}</Text>
      {costs.length > 0 && <Text size="sm">{t('wouldCost', { amount: costs.map(money).join(' + ') })}</Text>}
      {withoutPrice.length > 0 && <Text size="sm">{t('noPrice', { channels: withoutPrice.join(', ') })}</Text>}
      {accounts.map(({ account, customers: n }) => (
        <Text key={account} size="xs" c="dimmed">
          {account}: {n.toLocaleString(language)}
        </Text>
      ))}
    </Stack>
  );
}
