import { Badge, Group, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ConversationLine } from '../../../wire/conversations.ts';
import { useList } from '../../api/list.ts';
import { useMay } from '../../api/session.ts';
import { Attention } from '../../parts/attention.tsx';
import { OutLink } from '../../parts/out-link.tsx';
import { Page } from '../../parts/page.tsx';
import { Rows } from '../../parts/rows.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { Empty, Failed, Loading, More } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useWords } from '../../words/language.tsx';
import { Filters, useFilters } from './filters.tsx';
import { FoundWordsList } from './found-words.tsx';
import { words } from './words.ts';

export default function ConversationsPage() {
  const t = useWords(words);
  const may = useMay();
  const [where, setWhere] = useUrlState('in', 'names');
  const [q, setQ] = useUrlState('q');
  const byWords = where === 'words' && may('text.read');
  return (
    <Page title={t('title')} about={t('about')}>
      <Stack gap="sm" component="search">
        <Group gap="sm" align="flex-end">
          <SearchBox
            label={t('search')}
            placeholder={t(byWords ? 'searchWordsHint' : 'searchHint')}
            value={q}
            onSearch={setQ}
          />
          {may('text.read') && (
            <SegmentedControl
              aria-label={t('searchIn')}
              value={byWords ? 'words' : 'names'}
              onChange={setWhere}
              data={[
                { value: 'names', label: t('inNames') },
                { value: 'words', label: t('inWords') },
              ]}
            />
          )}
        </Group>
        <Filters byWords={byWords} />
      </Stack>
      {byWords ? <FoundWordsList q={q} /> : <Conversations q={q} />}
    </Page>
  );
}

function Conversations({ q }: { q: string }) {
  const t = useWords(words);
  const { query, filtered } = useFilters();
  const list = useList<ConversationLine>('/conversations', { q, ...query }, [
    'conversations',
    'messages',
    'tickets',
    'deliveries',
  ]);
  if (list.isPending) return <Loading />;
  if (list.error) return <Failed error={list.error} again={() => void list.refetch()} />;
  if (list.items.length === 0) {
    const found = q === '' && !filtered;
    return (
      <Empty title={t(found ? 'empty' : 'noneFound')} icon={found ? 'conversations' : 'search'}>
        {t(found ? 'emptyMore' : 'noneFoundMore')}
      </Empty>
    );
  }
  return (
    <div>
      <Lines items={list.items} />
      <More {...list} />
    </div>
  );
}

function Lines({ items }: { items: ConversationLine[] }) {
  const t = useWords(words);
  return (
    <Rows minWidth={640} heads={[t('customer'), t('lastSaid'), t('ticket'), t('latest')]} main>
      {items.map((line) => (
        <Line key={line.id} line={line} />
      ))}
    </Rows>
  );
}

function Line({ line }: { line: ConversationLine }) {
  const t = useWords(words);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Link to={`/conversations/${line.id}`}>{line.name ?? t('unnamed')}</Link>
        <Text size="xs" c="dimmed">
          {line.channel?.label ?? '–'} · {line.account}
        </Text>
      </Table.Th>
      <Table.Td maw={380}>
        <Text size="sm" lineClamp={2}>
          {line.last?.text ?? '–'}
        </Text>
        <Work waiting={line.waiting} parked={line.parked} />
      </Table.Td>
      <Table.Td>
        {line.ticket ? (
          <Stack gap={0}>
            <TicketNumber number={line.ticket.number} url={line.ticket.url} />
            <Text size="xs" c="dimmed">
              {t(line.ticket.state)}
            </Text>
          </Stack>
        ) : (
          '–'
        )}
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <Ago at={line.latest} />
      </Table.Td>
    </Table.Tr>
  );
}

export function TicketNumber({ number, url }: { number: string | null; url: string | null }) {
  const t = useWords(words);
  if (number === null) return <Text size="sm">–</Text>;
  if (url === null) return <Text size="sm">#{number}</Text>;
  return (
    <OutLink href={url} label={t('openTicket', { number })}>
      #{number}
    </OutLink>
  );
}

export function Work({ waiting, parked }: { waiting: number; parked: number }) {
  const t = useWords(words);
  if (waiting + parked === 0) return null;
  return (
    <Group gap={6} mt={4}>
      {waiting > 0 && (
        <Badge size="sm" variant="outline" color="gray" tt="none">
          {t('nWaiting', { n: waiting })}
        </Badge>
      )}
      {parked > 0 && <Attention>{t('nParked', { n: parked })}</Attention>}
    </Group>
  );
}
