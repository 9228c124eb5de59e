import { Button, Card, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Acted, CandidateView, QuestionView } from '../../../wire/people.ts';
import { act } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { OutLink } from '../../parts/out-link.tsx';
import { Ago } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

type Answer = CandidateView | 'none';

/** The customer and the records they could be, side by side, and the answer. */
export function Question({ question }: { question: QuestionView }) {
  const t = useWords(words);
  const may = useMay();
  const [answer, setAnswer] = useState<Answer>();
  const mayAnswer = may('people.write');
  return (
    <Card withBorder padding="sm" component="article" aria-label={question.customerName ?? t('unnamed')}>
      <Stack gap="sm">
        <div>
          <Text size="sm" fw={600}>
            {question.why}
          </Text>
          <Text size="xs" c="dimmed">
            {question.target} · {t('asked')} <Ago at={question.askedAt} /> ·{' '}
            <Link to={`/people/${question.customer}`}>{t('toPerson')}</Link>
          </Text>
        </div>
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
          <Customer question={question} />
          {question.candidates.map((candidate, n) => (
            <Candidate
              key={candidate.id}
              candidate={candidate}
              n={n + 1}
              {...(mayAnswer && { choose: () => setAnswer(candidate) })}
            />
          ))}
        </SimpleGrid>
        {mayAnswer && (
          <Group>
            <Button size="compact-sm" variant="default" onClick={() => setAnswer('none')}>
              {t('noneOfThem')}
            </Button>
          </Group>
        )}
      </Stack>
      <AnswerDialog question={question} answer={answer} close={() => setAnswer(undefined)} />
    </Card>
  );
}

function Customer({ question: { customerName, known } }: { question: QuestionView }) {
  const t = useWords(words);
  return (
    <Card withBorder padding="sm" bg="var(--mantine-color-default-hover)">
      <Text size="xs" c="dimmed">
        {t('customer')}
      </Text>
      <Text size="sm" fw={600}>
        {customerName ?? t('unnamed')}
      </Text>
      <Text size="sm">
        {t('email')}: {known.email ?? '–'}
      </Text>
      <Text size="sm">
        {t('phone')}: {known.phone ?? '–'}
      </Text>
      <Text size="sm">
        {t('writesOn')}: {known.accounts.join(', ') || '–'}
      </Text>
    </Card>
  );
}

const nameOf = ({ name, id }: CandidateView): string => name ?? id;

function Candidate({ candidate, n, choose }: { candidate: CandidateView; n: number; choose?: () => void }) {
  const t = useWords(words);
  const { object, email, id, url } = candidate;
  return (
    <Card withBorder padding="sm">
      <Text size="xs" c="dimmed">
        {t('candidate', { n })} · {object}
      </Text>
      {url ? (
        <OutLink href={url} label={t('openRecord', { name: nameOf(candidate) })}>
          {nameOf(candidate)}
        </OutLink>
      ) : (
        <Text size="sm">{nameOf(candidate)}</Text>
      )}
      <Text size="sm">
        {t('email')}: {email ?? '–'}
      </Text>
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {id}
      </Text>
      {choose && (
        <Button
          size="compact-sm"
          mt="xs"
          onClick={choose}
          aria-label={t('itIsThemNamed', { name: `${nameOf(candidate)} (${id})` })}
        >
          {t('itIsThem')}
        </Button>
      )}
    </Card>
  );
}

interface AnswerDialogProps {
  question: QuestionView;
  answer: Answer | undefined;
  close: () => void;
}

function AnswerDialog({ question, answer, close }: AnswerDialogProps) {
  const t = useWords(words);
  const send = useAct(
    (given: Answer) =>
      given === 'none'
        ? act<Acted>('POST', `/questions/${question.id}/none`, {})
        : act<Acted>('POST', `/questions/${question.id}/choose`, { record: given.id }),
    { say: ({ corrected }) => t('answered', { n: corrected }), done: close },
  );
  const isNone = answer === 'none';
  const name = answer && answer !== 'none' ? nameOf(answer) : '';
  return (
    <Confirm
      opened={answer !== undefined}
      close={close}
      title={isNone ? t('noneTitle') : t('chooseTitle', { name })}
      act={isNone ? t('noneOfThem') : t('itIs', { name })}
      busy={send.isPending}
      onConfirm={() => answer !== undefined && send.mutate(answer)}
    >
      {t(isNone ? 'noneAbout' : 'chooseAbout')}
    </Confirm>
  );
}
