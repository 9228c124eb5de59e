import { Group, NativeSelect, Table, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AuditChoices, AuditLine } from '../../../wire/audit.ts';
import { ask } from '../../api/client.ts';
import { useList } from '../../api/list.ts';
import { Page } from '../../parts/page.tsx';
import { Rows } from '../../parts/rows.tsx';
import { Empty, Failed, Loading, More } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

/** A day of the browser's calendar, as the moment it begins. */
const beginning = (day: string): string | undefined => (day ? new Date(`${day}T00:00`).toISOString() : undefined);

export default function AuditPage() {
  const t = useWords(words);
  const [who, setWho] = useUrlState('who');
  const [what, setWhat] = useUrlState('what');
  const [subject, setSubject] = useUrlState('subject');
  const [since, setSince] = useUrlState('since');
  const [until, setUntil] = useUrlState('until');
  const filtered = [who, what, subject, since, until].some((each) => each !== '');
  const list = useList<AuditLine>('/audit', { who, what, subject, since: beginning(since), until: beginning(until) }, [
    'audit',
  ]);
  const choices = useQuery({
    queryKey: ['/audit/choices'],
    queryFn: ({ signal }) => ask<AuditChoices>('/audit/choices', {}, signal),
    meta: { tables: ['audit'] },
  });
  const options = (all: string, values: string[] = [], chosen = '') => [
    { value: '', label: all },
    ...[...new Set([...values, ...(chosen ? [chosen] : [])])].map((value) => ({ value, label: value })),
  ];
  return (
    <Page title={t('title')} about={t('about')}>
      <Group gap="sm" align="flex-end" component="search">
        <NativeSelect
          label={t('who')}
          value={who}
          onChange={(e) => setWho(e.currentTarget.value)}
          data={options(t('anybody'), choices.data?.who, who)}
        />
        <NativeSelect
          label={t('what')}
          value={what}
          onChange={(e) => setWhat(e.currentTarget.value)}
          data={options(t('anything'), choices.data?.what, what)}
        />
        <TextInput label={t('subject')} value={subject} onChange={(e) => setSubject(e.currentTarget.value)} />
        <TextInput type="date" label={t('since')} value={since} onChange={(e) => setSince(e.currentTarget.value)} />
        <TextInput type="date" label={t('until')} value={until} onChange={(e) => setUntil(e.currentTarget.value)} />
      </Group>
      {list.isPending && <Loading />}
      {list.error && <Failed error={list.error} again={() => void list.refetch()} />}
      {list.data && list.items.length === 0 && (
        <Empty title={t(filtered ? 'noneFound' : 'none')} icon="audit">
          {t(filtered ? 'noneFoundMore' : 'noneMore')}
        </Empty>
      )}
      {list.items.length > 0 && <Entries items={list.items} />}
      <More {...list} />
    </Page>
  );
}

function Entries({ items }: { items: AuditLine[] }) {
  const t = useWords(words);
  return (
    <Rows minWidth={720} heads={[t('when'), t('who'), t('what'), t('subject'), t('detail')]}>
      {items.map(({ id, at, who, what, subject, detail }) => (
        <Table.Tr key={id}>
          <Table.Td style={{ whiteSpace: 'nowrap' }}>
            <Ago at={at} />
          </Table.Td>
          <Table.Td>{who}</Table.Td>
          <Table.Td>{what}</Table.Td>
          <Table.Td style={{ overflowWrap: 'anywhere' }}>{subject}</Table.Td>
          <Table.Td>
            <Text size="xs" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
              {written(detail)}
            </Text>
          </Table.Td>
        </Table.Tr>
      ))}
    </Rows>
  );
}

const written = (detail: AuditLine['detail']): string =>
  Object.entries(detail)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
