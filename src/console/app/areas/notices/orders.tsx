import { Group, NativeSelect, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { OrderLine } from '../../../wire/notices.ts';
import { useList } from '../../api/list.ts';
import { sayMoney } from '../../parts/money.ts';
import { Page } from '../../parts/page.tsx';
import { Rows } from '../../parts/rows.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { Empty, Failed, Loading, More } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { NoticesNav } from './nav.tsx';
import { words } from './words.ts';

const orderStates = [
  ...(['confirmed', 'paid', 'preparing', 'shipped', 'out_for_delivery', 'delivered'] as const),
  ...(['delayed', 'cancelled', 'refunded', 'known'] as const),
];

export default function OrdersPage() {
  const t = useWords(words);
  const [q, setQ] = useUrlState('q');
  const [state, setState] = useUrlState('state');
  const filtered = q !== '' || state !== '';
  const list = useList<OrderLine>('/orders', { q, state }, ['orders', 'notices']);
  return (
    <Page title={t('orders')} about={t('ordersAbout')}>
      <NoticesNav />
      <Group gap="sm" align="flex-end" component="search">
        <SearchBox label={t('orderNumber')} placeholder={t('orderBeginning')} value={q} onSearch={setQ} />
        <NativeSelect
          label={t('state')}
          value={state}
          onChange={(e) => setState(e.currentTarget.value)}
          data={[{ value: '', label: t('any') }, ...orderStates]}
        />
      </Group>
      {list.isPending && <Loading />}
      {list.error && <Failed error={list.error} again={() => void list.refetch()} />}
      {list.data && list.items.length === 0 && (
        <Empty title={t(filtered ? 'noOrderFound' : 'noOrders')} icon={filtered ? 'search' : 'empty'}>
          {t(filtered ? 'noneFoundMore' : 'noOrdersMore')}
        </Empty>
      )}
      {list.items.length > 0 && <OrdersTable items={list.items} />}
      <More {...list} />
    </Page>
  );
}

function OrdersTable({ items }: { items: readonly OrderLine[] }) {
  const t = useWords(words);
  const { language } = useLanguage();
  return (
    <Rows
      minWidth={640}
      heads={[t('order'), t('customer'), t('state'), { number: t('total') }, { number: t('nNotices') }, t('updated')]}
      main
    >
      {items.map(({ id, shop, number, state, customer, name, total, currency, updatedAt, notices }) => (
        <Table.Tr key={id}>
          <Table.Th scope="row" fw={400}>
            <Link to={`/notices/orders/${id}`}>{number}</Link>
            <Text size="xs" c="dimmed">
              {shop}
            </Text>
          </Table.Th>
          <Table.Td>
            <Link to={`/people/${customer}`}>{name ?? t('unnamed')}</Link>
          </Table.Td>
          <Table.Td>{state}</Table.Td>
          <Table.Td ta="right">{sayMoney(total, currency, language)}</Table.Td>
          <Table.Td ta="right">{notices}</Table.Td>
          <Table.Td style={{ whiteSpace: 'nowrap' }}>
            <Ago at={updatedAt} />
          </Table.Td>
        </Table.Tr>
      ))}
    </Rows>
  );
}
