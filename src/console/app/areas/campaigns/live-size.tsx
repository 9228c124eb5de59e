import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { CampaignEstimate } from '../../../wire/campaigns.ts';
import { act } from '../../api/client.ts';
import { Section } from '../../parts/card.tsx';
import { Shown } from '../../parts/states.tsx';
import { useWords } from '../../words/language.tsx';
import { type Draft, wishOf } from './draft.ts';
import { Size } from './estimate.tsx';
import { words } from './words.ts';

/** How many the campaign would tell as it stands in the form. */
export function LiveSize({ draft }: { draft: Draft }) {
  const t = useWords(words);
  // Its size does not hang on its name, which comes last to some.
  const [wish] = useDebouncedValue(wishOf({ ...draft, name: draft.name.trim() || '–' }), 500);
  const found = useQuery({
    queryKey: ['/campaigns/estimate', wish],
    queryFn: () => act<CampaignEstimate>('POST', '/campaigns/estimate', wish),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const shown = found.error ? { ...found, data: undefined } : found;
  return (
    <Section title={t('size')} about={t('sizeAbout')}>
      <Shown of={shown}>{(estimate) => <Size estimate={estimate} />}</Shown>
    </Section>
  );
}
