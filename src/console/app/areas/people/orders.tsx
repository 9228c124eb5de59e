import { Group, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { OrderView, PersonView } from '../../../wire/people.ts';
import { Section } from '../../parts/card.tsx';
import { sayMoney } from '../../parts/money.ts';
import { Rows } from '../../parts/rows.tsx';
import { Ago } from '../../parts/time.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { TicketNumber } from '../conversations/list.tsx';
import { words } from './words.ts';

export function Orders({ customer, orders }: { customer: number; orders: readonly OrderView[] }) {
  const t = useWords(words);
  const { language } = useLanguage();
  return (
    <Section
      title={t('orders')}
      actions={
        <Link to="/notices" search={{ customer } as never}>
          {t('theirNotices')}
        </Link>
      }
    >
      {orders.length === 0 ? (
        <Text size="sm">{t('noOrders')}</Text>
      ) : (
        <Rows minWidth={400} heads={[t('orderNumber'), t('orderState'), { number: t('total') }, t('updated')]}>
          {orders.map((order) => (
            <Table.Tr key={order.id}>
              <Table.Th scope="row" fw={400}>
                <Link to={`/notices/orders/${order.id}`}>{order.number}</Link>
                <Text size="xs" c="dimmed">
                  {order.shop}
                </Text>
              </Table.Th>
              <Table.Td>{order.state}</Table.Td>
              <Table.Td ta="right">{sayMoney(order.total, order.currency, language)}</Table.Td>
              <Table.Td>
                <Ago at={order.updatedAt} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Rows>
      )}
    </Section>
  );
}

export function Tickets({ tickets }: Pick<PersonView, 'tickets'>) {
  const t = useWords(words);
  return (
    <Section title={t('tickets')}>
      {tickets.length === 0 && <Text size="sm">{t('noTickets')}</Text>}
      {tickets.map(({ number, url, helpdesk, conversation, openedAt }) => (
        <Group key={`${helpdesk} ${number} ${openedAt}`} gap="sm">
          <TicketNumber number={number} url={url} />
          <Text size="sm" c="dimmed">
            {helpdesk} · <Ago at={openedAt} />
          </Text>
          <Link to={`/conversations/${conversation}`}>
            {t('conversation')} {conversation}
          </Link>
        </Group>
      ))}
    </Section>
  );
}
