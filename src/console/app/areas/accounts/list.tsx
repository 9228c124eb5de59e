import { Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { AccountLine, Accounts, AccountType } from '../../../wire/accounts.ts';
import { ask } from '../../api/client.ts';
import { Section } from '../../parts/card.tsx';
import { Page } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useWords } from '../../words/language.tsx';
import { Findings } from './findings.tsx';
import { StateBadge } from './state-badge.tsx';
import { words } from './words.ts';

const types: readonly AccountType[] = ['channel', 'helpdesk', 'crm'];

export default function AccountsPage() {
  const t = useWords(words);
  const found = useQuery({
    queryKey: ['/accounts'],
    queryFn: ({ signal }) => ask<Accounts>('/accounts', {}, signal),
    // Until the platforms have answered.
    refetchInterval: ({ state }) => (state.data?.checking ? 1_500 : false),
    meta: { tables: ['target_states', 'watches'] },
  });
  return (
    <Page title={t('title')} about={t('about')}>
      <Shown of={found}>
        {(all) => (
          <Stack gap="lg">
            <Checked all={all} />
            {all.accounts.length === 0 && (
              <Empty title={t('nothing')} icon="accounts">
                {t('nothingMore')}
              </Empty>
            )}
            {types.map((type) => (
              <OfType key={type} title={t(type)} accounts={all.accounts.filter((each) => each.type === type)} />
            ))}
            {all.own.length > 0 && (
              <Section title={t('own')} about={t('ownAbout')}>
                <Findings findings={all.own.flatMap(({ findings }) => findings)} />
              </Section>
            )}
          </Stack>
        )}
      </Shown>
    </Page>
  );
}

function Checked({ all }: { all: Pick<Accounts, 'checkedAt' | 'checking'> }) {
  const t = useWords(words);
  return (
    <Text size="xs" c="dimmed" role="status">
      {all.checking ? (
        t('checking')
      ) : all.checkedAt ? (
        <>
          {t('checked')} <Ago at={all.checkedAt} />
        </>
      ) : (
        t('notChecked')
      )}
    </Text>
  );
}

function OfType({ title, accounts }: { title: string; accounts: AccountLine[] }) {
  if (accounts.length === 0) return null;
  return (
    <section aria-label={title}>
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {accounts.map((account) => (
          <AccountCard key={account.id} account={account} />
        ))}
      </SimpleGrid>
    </section>
  );
}

function AccountCard({ account }: { account: AccountLine }) {
  const t = useWords(words);
  const { type, id, label, state, trouble, helpdesk, crm, lastMessageAt } = account;
  const places = [helpdesk, crm].filter((place) => place !== null).join(', ');
  return (
    <Card
      withBorder
      component={Link}
      to={`/accounts/${type}/${encodeURIComponent(id)}`}
      padding="md"
      className="card-link"
    >
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Text fw={600}>{id}</Text>
          <Text size="xs" c="dimmed">
            {label}
          </Text>
        </div>
        <StateBadge state={state} />
      </Group>
      {trouble && (
        <Text size="sm" mt="xs" lineClamp={3}>
          {trouble}
        </Text>
      )}
      {places && (
        <Text size="xs" c="dimmed" mt="xs">
          {t('goesTo', { places })}
        </Text>
      )}
      {type === 'channel' && (
        <Text size="xs" c="dimmed">
          {t('lastMessage')}: {lastMessageAt ? <Ago at={lastMessageAt} /> : t('never')}
        </Text>
      )}
    </Card>
  );
}
