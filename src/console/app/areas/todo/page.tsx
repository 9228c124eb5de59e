import { Stack } from '@mantine/core';
import { Page } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { useWords } from '../../words/language.tsx';
import { useTodoCounts } from './counts.ts';
import { ParkedList } from './parked.tsx';
import { Questions } from './questions.tsx';
import { EndingRules } from './rules.tsx';
import { Targets } from './targets.tsx';
import { words } from './words.ts';

export default function TodoPage() {
  const t = useWords(words);
  const counts = useTodoCounts();
  return (
    <Page title={t('title')} about={t('about')}>
      <Shown of={counts}>
        {({ parked, questions, targets, rules }) =>
          parked + questions + targets + rules === 0 ? (
            <Empty title={t('allDone')} icon="check">
              {t('allDoneMore')}
            </Empty>
          ) : (
            <Stack gap="md">
              {targets > 0 && <Targets />}
              {questions > 0 && <Questions />}
              {parked > 0 && <ParkedList />}
              {rules > 0 && <EndingRules />}
            </Stack>
          )
        }
      </Shown>
    </Page>
  );
}
