import { Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { PersonLine } from '../../../wire/people.ts';
import { useList } from '../../api/list.ts';
import { Attention } from '../../parts/attention.tsx';
import { Page } from '../../parts/page.tsx';
import { Rows } from '../../parts/rows.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { Empty, Failed, Loading, More } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

export default function PeoplePage() {
  const t = useWords(words);
  const [q, setQ] = useUrlState('q');
  const list = useList<PersonLine>('/people', { q }, ['customers', 'facts', 'questions']);
  return (
    <Page title={t('title')} about={t('about')}>
      <search>
        <SearchBox label={t('search')} placeholder={t('searchHint')} value={q} onSearch={setQ} />
      </search>
      {list.isPending && <Loading />}
      {list.error && <Failed error={list.error} again={() => void list.refetch()} />}
      {list.data && list.items.length === 0 && (
        <Empty title={t(q ? 'noneFound' : 'empty')} icon={q ? 'search' : 'people'}>
          {t(q ? 'noneFoundMore' : 'emptyMore')}
        </Empty>
      )}
      {list.items.length > 0 && <People items={list.items} />}
      <More {...list} />
    </Page>
  );
}

function People({ items }: { items: PersonLine[] }) {
  const t = useWords(words);
  return (
    <Rows minWidth={600} heads={[t('name'), t('knownBy'), t('accounts'), { number: t('orders') }, t('since')]} main>
      {items.map((person) => (
        <PersonRow key={person.id} {...person} />
      ))}
    </Rows>
  );
}

function PersonRow({ id, name, email, phone, accounts, orders, questions, since }: PersonLine) {
  const t = useWords(words);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Link to={`/people/${id}`}>{name ?? t('unnamed')}</Link>{' '}
        {questions > 0 && <Attention>{t('nQuestions', { n: questions })}</Attention>}
      </Table.Th>
      <Table.Td>
        <Text size="sm">{email}</Text>
        <Text size="sm">{phone}</Text>
      </Table.Td>
      <Table.Td>{accounts.join(', ')}</Table.Td>
      <Table.Td ta="right">{orders}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <Ago at={since} />
      </Table.Td>
    </Table.Tr>
  );
}
