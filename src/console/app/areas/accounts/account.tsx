import { Button, Group, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { AccountDetail } from '../../../wire/accounts.ts';
import { act, ask } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Back } from '../../parts/back.tsx';
import { Section } from '../../parts/card.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { CopyText } from '../../parts/copy-text.tsx';
import { Page } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { Findings } from './findings.tsx';
import { Guide } from './guide.tsx';
import { LimitsTable } from './limits.tsx';
import { StateBadge } from './state-badge.tsx';
import { TestMessage } from './test-message.tsx';
import { WindowDrawn } from './window-drawn.tsx';
import { words } from './words.ts';

export default function AccountPage() {
  const t = useWords(words);
  const { type, id } = useParams({ strict: false }) as { type: string; id: string };
  const path = `/accounts/${type}/${encodeURIComponent(id)}`;
  const found = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => ask<AccountDetail>(path, {}, signal),
    refetchInterval: ({ state }) => (state.data?.checking ? 1_500 : false),
    meta: { tables: ['target_states', 'watches'] },
  });
  return (
    <Page
      title={id}
      about={
        <Group gap="xs">
          <Back to="/accounts">{t('back')}</Back>
          {found.data && (
            <>
              <span aria-hidden>·</span> {found.data.label} <StateBadge state={found.data.state} />
            </>
          )}
        </Group>
      }
      actions={found.data && <Acts path={path} account={found.data} />}
    >
      <Shown of={found}>{(account) => <Detail account={account} />}</Shown>
    </Page>
  );
}

function Acts({ path, account }: { path: string; account: AccountDetail }) {
  const t = useWords(words);
  const may = useMay();
  const [asking, confirm] = useDisclosure();
  const check = useAct(() => act('POST', `${path}/check`, {}), { say: t('checkDone') });
  const fix = useAct(() => act<{ done: string[] }>('POST', `${path}/fix`, {}), {
    say: ({ done }) => (done.length > 0 ? t('fixed', { what: done.join(', ') }) : t('notFixed')),
    done: confirm.close,
  });
  return (
    <>
      {may('accounts.test') && (
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate(undefined)}>
          {t('check')}
        </Button>
      )}
      {account.mend && may('accounts.fix') && <Button onClick={confirm.open}>{t('fix')}</Button>}
      <Confirm
        opened={asking}
        close={confirm.close}
        title={t('fixTitle')}
        act={t('fix')}
        busy={fix.isPending}
        onConfirm={() => fix.mutate(undefined)}
      >
        {t('fixAbout', { mend: account.mend ?? '' })}
      </Confirm>
    </>
  );
}

function Detail({ account }: { account: AccountDetail }) {
  const t = useWords(words);
  const may = useMay();
  const { limits, webhookUrl } = account;
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Section title={t('findings')} about={t('findingsAbout')}>
          <Findings findings={account.findings} />
        </Section>
        <Stack gap="md">
          {account.type !== 'crm' && (
            <Section title={t('webhook')} about={webhookUrl ? t('webhookAbout') : undefined}>
              {webhookUrl ? (
                <CopyText text={webhookUrl} label={t('webhook')} />
              ) : (
                <Text size="sm">{t('noWebhook')}</Text>
              )}
            </Section>
          )}
          {limits && <WindowDrawn limits={limits} />}
          {limits && <LimitsTable limits={limits} />}
        </Stack>
      </SimpleGrid>
      {account.type === 'channel' && may('accounts.test') && <TestMessage account={account.id} />}
      <Guide kind={account.kind} />
      <Configured account={account} />
    </Stack>
  );
}

function Configured({ account }: { account: AccountDetail }) {
  const t = useWords(words);
  return (
    <Section title={t('settings')} about={t('settingsAbout')}>
      <Table.ScrollContainer minWidth={320}>
        <Table>
          <Table.Tbody>
            {account.settings.map(({ name, value, about }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={500}>
                  {name}
                </Table.Th>
                <Table.Td>
                  <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                    {value}
                  </Text>
                  {about && (
                    <Text size="xs" c="dimmed">
                      {about}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}
