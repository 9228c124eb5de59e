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
  const { about, customers, heldOut, accounts, minutes, costs, withoutPrice } = estimate;
  const digits = about ? { maximumSignificantDigits: 3 } : {};
  const money = ({ currency, amount }: CampaignEstimate['costs'][number]) =>
    new Intl.NumberFormat(language, { style: 'currency', currency, ...digits }).format(amount);
  const count = (n: number) => ({ n, count: n.toLocaleString(language, digits) });
  return (
    <Stack gap={4} role="status">
      <Text fw={600}>{t(about ? 'wouldTellAbout' : 'wouldTell', count(customers))}</Text>
      {heldOut > 0 && <Text size="sm">{t('wouldHoldOut', count(heldOut))}</Text>}
      <Text size="sm">{t('wouldTake', { length: sayLength(minutes * 60_000, language) })}</Text>
      {costs.length > 0 && <Text size="sm">{t('wouldCost', { amount: costs.map(money).join(' + ') })}</Text>}
      {withoutPrice.length > 0 && <Text size="sm">{t('noPrice', { channels: withoutPrice.join(', ') })}</Text>}
      {accounts.map(({ account, customers: n }) => (
        <Text key={account} size="xs" c="dimmed">
          {account}: {count(n).count}
        </Text>
      ))}
      {about && (
        <Text size="xs" c="dimmed">
          {t('aboutAbout')}
        </Text>
      )}
    </Stack>
  );
}
