import { Text, Typography } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Section } from '../../parts/card.tsx';
import { Details } from '../../parts/details.tsx';
import { Loading, Shown } from '../../parts/states.tsx';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

/** The guides of the documentation, one file for each kind of account. */
const guides = import.meta.glob<string>('../../../../../docs/guides/*.md', { query: '?raw', import: 'default' });
const Markdown = lazy(() => import('./markdown.tsx'));

export function Guide({ kind }: { kind: string }) {
  const t = useWords(words);
  const load = Object.entries(guides).find(([path]) => path.endsWith(`/${kind}.md`))?.[1];
  return (
    <Section title={t('guide')}>
      {load ? (
        <Details label={t('guide')}>
          <GuideText kind={kind} load={load} />
        </Details>
      ) : (
        <Text size="sm">{t('guideMissing')}</Text>
      )}
    </Section>
  );
}

function GuideText({ kind, load }: { kind: string; load: () => Promise<string> }) {
  const text = useQuery({ queryKey: ['guide', kind], queryFn: load, staleTime: Number.POSITIVE_INFINITY });
  return (
    <Suspense fallback={<Loading />}>
      <Typography>
        <Shown of={text}>{(markdown) => <Markdown text={markdown} />}</Shown>
      </Typography>
    </Suspense>
  );
}
