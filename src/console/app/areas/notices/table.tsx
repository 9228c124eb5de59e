import { Stack, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { NoticeLine } from '../../../wire/notices.ts';
import { Rows } from '../../parts/rows.tsx';
import { Ago } from '../../parts/time.tsx';
import { useWords } from '../../words/language.tsx';
import { NoticeStateBadge } from './state-badge.tsx';
import { words } from './words.ts';

/** Notices, each with its state and why. */
export function NoticesTable({ items }: { items: readonly NoticeLine[] }) {
  const t = useWords(words);
  return (
    <Rows minWidth={720} heads={[t('notice'), t('customer'), t('subject'), t('state'), t('planned')]} main>
      {items.map((each) => (
        <Row key={each.id} {...each} />
      ))}
    </Rows>
  );
}

function Row({ id, event, state, reason, customer, name, order, campaign, account, tries, createdAt }: NoticeLine) {
  const t = useWords(words);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Link to={`/notices/${id}`}>{event}</Link>
        <Text size="xs" c="dimmed">
          {account ? `${account} · ${t('nTries', { n: tries })}` : t('nTries', { n: tries })}
        </Text>
      </Table.Th>
      <Table.Td>
        <Link to={`/people/${customer}`}>{name ?? t('unnamed')}</Link>
      </Table.Td>
      <Table.Td>
        {order && <Link to={`/notices/orders/${order.id}`}>{order.number}</Link>}
        {campaign !== null && <Link to={`/campaigns/${campaign}`}>{t('campaignN', { n: campaign })}</Link>}
      </Table.Td>
      <Table.Td maw={360}>
        <Stack gap={2} align="flex-start">
          <NoticeStateBadge state={state} />
          {reason && (
            <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
              {reason}
            </Text>
          )}
        </Stack>
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <Ago at={createdAt} />
      </Table.Td>
    </Table.Tr>
  );
}
