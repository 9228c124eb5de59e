import { Stack } from '@mantine/core';
import type { QuestionView } from '../../../wire/people.ts';
import { useList } from '../../api/list.ts';
import { Section } from '../../parts/card.tsx';
import { Failed, Loading, More } from '../../parts/states.tsx';
import { useWords } from '../../words/language.tsx';
import { Question } from './question.tsx';
import { words } from './words.ts';

/** The oldest first: whoever has waited longest. */
export function Questions() {
  const t = useWords(words);
  const list = useList<QuestionView>('/todo/questions', {}, ['questions']);
  return (
    <Section title={t('questions')} about={t('questionsAbout')}>
      {list.isPending && <Loading />}
      {list.error && <Failed error={list.error} again={() => void list.refetch()} />}
      <Stack gap="md">
        {list.items.map((question) => (
          <Question key={question.id} question={question} />
        ))}
      </Stack>
      <More {...list} />
    </Section>
  );
}
