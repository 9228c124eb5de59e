import { SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { OrderPage as OrderData } from '../../../wire/notices.ts';
import { ask } from '../../api/client.ts';
import { Back } from '../../parts/back.tsx';
import { Section } from '../../parts/card.tsx';
import { FactList } from '../../parts/fact-list.tsx';
import { sayMoney } from '../../parts/money.ts';
import { OutLink } from '../../parts/out-link.tsx';
import { Page } from '../../parts/page.tsx';
import { Rows } from '../../parts/rows.tsx';
import { Shown } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { NoticeStateBadge } from './state-badge.tsx';
import { words } from './words.ts';

export default function OrderPage() {
  const t = useWords(words);
  const { id } = useParams({ strict: false }) as { id: string };
  const path = `/orders/${encodeURIComponent(id)}`;
  const found = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => ask<OrderData>(path, {}, signal),
    meta: { tables: ['orders', 'order_events', 'notices'] },
  });
  return (
    <Page
      title={found.data ? t('orderN', { number: found.data.number }) : t('order')}
      about={<Back to="/notices/orders">{t('backToOrders')}</Back>}
    >
      <Shown of={found}>
        {(order) => (
          <Stack gap="md">
            <SimpleGrid cols={{ base: 1, lg: 2 }}>
              <About order={order} />
              <Lines order={order} />
            </SimpleGrid>
            <Events events={order.events} />
          </Stack>
        )}
      </Shown>
    </Page>
  );
}

function About({ order }: { order: OrderData }) {
  const t = useWords(words);
  const { customer, name, shop, state, url, placedAt, updatedAt, paymentMethod, tracking } = order;
  const parcel = tracking && [tracking.carrier, tracking.number].filter((each) => each !== null).join(' ');
  return (
    <Section title={t('order')}>
      <FactList
        facts={{
          [t('customer')]: <Link to={`/people/${customer}`}>{name ?? t('unnamed')}</Link>,
          [t('state')]: state,
          [t('shop')]: shop,
          [t('placed')]: placedAt && <Ago at={placedAt} />,
          [t('updated')]: <Ago at={updatedAt} />,
          [t('payment')]: paymentMethod,
          [t('parcel')]: parcel && (tracking.url ? <Out url={tracking.url}>{parcel}</Out> : parcel),
          [t('atShop')]: url && <Out url={url}>{t('open')}</Out>,
        }}
      />
    </Section>
  );
}

/** Only where it is plainly an address of the web. */
function Out({ url, children }: { url: string; children: string }) {
  return /^https?:\/\//.test(url) ? (
    <OutLink href={url} label={children}>
      {children}
    </OutLink>
  ) : (
    children
  );
}

function Lines({ order: { lines, sums, total, currency } }: { order: OrderData }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const say = (amount: number | null) => (amount === null ? null : sayMoney(amount, currency, language));
  return (
    <Section title={t('lines')}>
      {lines.length === 0 && <Text size="sm">{t('noLines')}</Text>}
      {lines.length > 0 && (
        <Table>
          <Table.Tbody>
            {lines.map(({ title, subtitle, sku, quantity, price }) => (
              <Table.Tr key={`${sku} ${title} ${subtitle}`}>
                <Table.Th scope="row" fw={400}>
                  {quantity} × {title}
                  <Text size="xs" c="dimmed">
                    {[subtitle, sku].filter((each) => each !== null).join(' · ')}
                  </Text>
                </Table.Th>
                <Table.Td ta="right">{sayMoney(price * quantity, currency, language)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <FactList
        facts={{
          [t('subtotal')]: say(sums.subtotal),
          [t('shipping')]: say(sums.shipping),
          [t('tax')]: say(sums.tax),
          [t('total')]: say(total),
        }}
      />
    </Section>
  );
}

/** What happened, and what the customer was told of it. */
function Events({ events }: Pick<OrderData, 'events'>) {
  const t = useWords(words);
  return (
    <Section title={t('events')} about={t('eventsAbout')}>
      <Rows minWidth={560} heads={[t('event'), t('happened'), t('toldOf')]}>
        {events.map(({ id, type, at, told, notice }) => (
          <Table.Tr key={id}>
            <Table.Th scope="row" fw={400}>
              {notice ? <Link to={`/notices/${notice.id}`}>{type}</Link> : type}
            </Table.Th>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>
              <Ago at={at} />
            </Table.Td>
            <Table.Td>
              {notice && <NoticeStateBadge state={notice.state} />}
              <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
                {notice?.reason ?? (told && t(`told-${told}`))}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Rows>
    </Section>
  );
}
