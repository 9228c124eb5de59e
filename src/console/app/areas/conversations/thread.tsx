import { Anchor, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ConversationHead, ThreadItem } from '../../../wire/conversations.ts';
import { ask } from '../../api/client.ts';
import { useList } from '../../api/list.ts';
import { useMay } from '../../api/session.ts';
import { Back } from '../../parts/back.tsx';
import { Section } from '../../parts/card.tsx';
import { Page } from '../../parts/page.tsx';
import { Empty, Failed, Loading, More, Shown } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useWords } from '../../words/language.tsx';
import { Blocked } from './blocked.tsx';
import { Contacts } from './contacts.tsx';
import { TicketNumber, Work } from './list.tsx';
import { Message } from './message.tsx';
import { ReplayButton } from './replay.tsx';
import { words } from './words.ts';

export default function ThreadPage() {
  const t = useWords(words);
  const may = useMay();
  const { id } = useParams({ strict: false }) as { id: string };
  const path = `/conversations/${encodeURIComponent(id)}`;
  const head = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => ask<ConversationHead>(path, {}, signal),
    meta: { tables: ['conversations', 'tickets', 'contact_links', 'deliveries'] },
  });
  return (
    <Page
      title={head.data?.name ?? t('unnamed')}
      about={
        <Group gap="xs">
          <Back to="/conversations">{t('back')}</Back>
          {head.data && (
            <>
              <span aria-hidden>·</span> {head.data.channel?.label} {head.data.account}
            </>
          )}
        </Group>
      }
      actions={head.data && may('todo.write') && <ReplayButton path={path} />}
    >
      <Shown of={head}>
        {(conversation) => (
          <Stack gap="md">
            {conversation.blocked && <Blocked path={path} blocked={conversation.blocked} />}
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <Who head={conversation} />
              <Tickets head={conversation} />
            </SimpleGrid>
            <Thread path={path} />
          </Stack>
        )}
      </Shown>
    </Page>
  );
}

function Who({ head }: { head: ConversationHead }) {
  const t = useWords(words);
  return (
    <Section title={t('whoTheyAre')}>
      <Text size="sm">
        {t('platformUser')}: <b>{head.platformUser}</b>
      </Text>
      {head.identity && (
        <Text size="sm" c="dimmed">
          {t('evidence')}: {head.identity.evidence}
          {head.identity.by && ` (${t('linkedBy', { by: head.identity.by })})`}, <Ago at={head.identity.since} />
        </Text>
      )}
      <Contacts contacts={head.contacts} />
      <Anchor component={Link} to={`/people/${head.customer}`} size="sm">
        {t('toPerson')}
      </Anchor>
    </Section>
  );
}

function Tickets({ head }: { head: ConversationHead }) {
  const t = useWords(words);
  return (
    <Section title={t('tickets')}>
      {head.tickets.length === 0 && <Text size="sm">{t('noTickets')}</Text>}
      {head.tickets.map((ticket) => (
        <Group key={`${ticket.helpdesk} ${ticket.number}`} gap="sm">
          <TicketNumber number={ticket.number} url={ticket.url} />
          <Text size="sm" c="dimmed">
            {t(ticket.state)} · {ticket.helpdesk}
          </Text>
        </Group>
      ))}
      <Work waiting={head.waiting} parked={head.parked} />
    </Section>
  );
}

function Thread({ path }: { path: string }) {
  const t = useWords(words);
  const list = useList<ThreadItem>(`${path}/messages`, {}, ['messages', 'deliveries', 'reply_parts', 'media']);
  if (list.isPending) return <Loading />;
  if (list.error) return <Failed error={list.error} again={() => void list.refetch()} />;
  return (
    <Section title={t('thread')} about={t('threadAbout')}>
      {list.items.length === 0 && <Empty title={t('noMessages')} icon="conversations" />}
      <Stack component="ol" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
        {list.items.map((item) => (
          <Message key={item.id} item={item} />
        ))}
      </Stack>
      <More {...list} />
    </Section>
  );
}
