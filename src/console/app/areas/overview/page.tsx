import { SegmentedControl, SimpleGrid, Stack } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type Figures, type Overview, ranges } from '../../../wire/overview.ts';
import { ask } from '../../api/client.ts';
import { Page } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useWords } from '../../words/language.tsx';
import { MessagesChart, OutcomesChart } from './charts.tsx';
import { NeedsPerson, Paused } from './needs.tsx';
import { Numbers } from './numbers.tsx';
import { AccountsTable, BacklogTable, RepliesTable } from './tables.tsx';
import { words } from './words.ts';

const now = { tables: ['deliveries', 'events', 'target_states', 'questions', 'watches', 'media'] };

export default function OverviewPage() {
  const t = useWords(words);
  const [range, setRange] = useUrlState('range', '24h');
  const overview = useQuery({
    queryKey: ['/overview'],
    queryFn: ({ signal }) => ask<Overview>('/overview', {}, signal),
    meta: now,
  });
  const offset = -new Date().getTimezoneOffset();
  const figures = useQuery({
    queryKey: ['/overview/figures', range],
    queryFn: ({ signal }) => ask<Figures>('/overview/figures', { range, offset }, signal),
    placeholderData: keepPreviousData,
    meta: { tables: ['figures'] },
  });
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        <SegmentedControl
          aria-label={t('range')}
          value={range}
          onChange={setRange}
          data={ranges.map((each) => ({ value: each, label: t(each) }))}
        />
      }
    >
      <Shown of={overview}>
        {(current) => (
          <Shown of={figures}>
            {(drawn) => (
              <Stack gap="md">
                <Numbers overview={current} figures={drawn} />
                <SimpleGrid cols={{ base: 1, md: 2 }}>
                  <NeedsPerson overview={current} />
                  <Paused overview={current} />
                </SimpleGrid>
                <MessagesChart figures={drawn} />
                <OutcomesChart figures={drawn} />
                <SimpleGrid cols={{ base: 1, md: 3 }}>
                  <AccountsTable figures={drawn} />
                  <RepliesTable figures={drawn} />
                  <BacklogTable overview={current} />
                </SimpleGrid>
              </Stack>
            )}
          </Shown>
        )}
      </Shown>
    </Page>
  );
}
