import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { NoticeView } from '../../../wire/notices.ts';
import type { Page } from '../../../wire/page.ts';
import type { PersonLine } from '../../../wire/people.ts';
import { act, ask } from '../../api/client.ts';
import { Section } from '../../parts/card.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { NoticeStateBadge } from '../notices/state-badge.tsx';
import { words } from './words.ts';

type Chosen = Readonly<Record<number, string>>;
type Tested = { notices: { customer: number; notice: number }[] };
const most = 20;

/** Sends it to a few customers, such as oneself, before it goes to all. */
export function TestSend({ path }: { path: string }) {
  const t = useWords(words);
  const [q, setQ] = useState('');
  const [chosen, setChosen] = useState<Chosen>({});
  const [asking, setAsking] = useState(false);
  const ids = Object.keys(chosen).map(Number);
  const send = useAct(() => act<Tested>('POST', `${path}/test`, { customers: ids }), {
    say: ({ notices }) => t('tested', { n: notices.length }),
    done: () => {
      setAsking(false);
      setChosen({});
    },
  });
  return (
    <Section title={t('test')} about={t('testAbout')}>
      <SearchBox label={t('testWho')} placeholder={t('testWhoHint')} value={q} onSearch={setQ} />
      <Candidates q={q} chosen={chosen} setChosen={setChosen} />
      <Group>
        <Button variant="default" disabled={ids.length === 0 || ids.length > most} onClick={() => setAsking(true)}>
          {t('testSend', { n: ids.length })}
        </Button>
      </Group>
      {send.data && <Fates {...send.data} />}
      <Confirm
        opened={asking}
        close={() => setAsking(false)}
        title={t('testTitle')}
        act={t('testSend', { n: ids.length })}
        busy={send.isPending}
        onConfirm={() => send.mutate(undefined)}
      >
        {t('testConfirm', { names: Object.values(chosen).join(', ') })}
      </Confirm>
    </Section>
  );
}

interface CandidatesProps {
  q: string;
  chosen: Chosen;
  setChosen: (chosen: Chosen) => void;
}

/** Whoever is found, and whoever was chosen before. */
function Candidates({ q, chosen, setChosen }: CandidatesProps) {
  const t = useWords(words);
  const found = useQuery({
    queryKey: ['test-people', q],
    queryFn: ({ signal }) => ask<Page<PersonLine>>('/people', { q }, signal),
    enabled: q !== '',
    placeholderData: keepPreviousData,
  });
  const people = q === '' ? [] : (found.data?.items ?? []).slice(0, 8);
  const shown: Chosen = {
    ...chosen,
    ...Object.fromEntries(people.map(({ id, name }): [number, string] => [id, name ?? t('testUnnamed')])),
  };
  const toggle = (id: number, name: string) => {
    const { [id]: before, ...others } = chosen;
    setChosen(before === undefined ? { ...others, [id]: name } : others);
  };
  if (q !== '' && found.data?.items.length === 0) return <Text size="sm">{t('testNobody')}</Text>;
  return (
    <Stack gap={6}>
      {Object.entries(shown).map(([id, name]) => (
        <Checkbox
          key={id}
          label={`${name} (${id})`}
          checked={Number(id) in chosen}
          onChange={() => toggle(Number(id), name)}
        />
      ))}
    </Stack>
  );
}

function Fates({ notices }: Tested) {
  const t = useWords(words);
  if (notices.length === 0) return <Text size="sm">{t('testedNobody')}</Text>;
  return (
    <Stack gap={4} role="status">
      {notices.map(({ notice }) => (
        <Fate key={notice} notice={notice} />
      ))}
    </Stack>
  );
}

/** How far one test has got. */
function Fate({ notice }: { notice: number }) {
  const t = useWords(words);
  const found = useQuery({
    queryKey: [`/notices/${notice}`],
    queryFn: ({ signal }) => ask<NoticeView>(`/notices/${notice}`, {}, signal),
    meta: { tables: ['notices'] },
  });
  return (
    <Group gap="xs">
      <Link to={`/notices/${notice}`}>{found.data?.name ?? t('testNotice', { n: notice })}</Link>
      {found.data && <NoticeStateBadge state={found.data.state} />}
      <Text size="xs">{found.data?.reason}</Text>
    </Group>
  );
}
