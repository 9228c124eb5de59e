import { Anchor, Badge, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiKeyLine, ApiKeys, WebhookAddress } from '../../../wire/keys.ts';
import { act, ask } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Section } from '../../parts/card.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { CopyText } from '../../parts/copy-text.tsx';
import { Page } from '../../parts/page.tsx';
import { Rows } from '../../parts/rows.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { MakeKey } from './make-key.tsx';
import { words } from './words.ts';

export default function KeysPage() {
  const t = useWords(words);
  const may = useMay();
  const [making, maker] = useDisclosure();
  const found = useQuery({
    queryKey: ['/keys'],
    queryFn: ({ signal }) => ask<ApiKeys>('/keys', {}, signal),
    meta: { tables: ['api_keys'] },
  });
  return (
    <Page
      title={t('title')}
      about={
        <>
          {t('about')} <Anchor href="/docs">{t('apiDocs')}</Anchor>
        </>
      }
      actions={may('keys.write') && <Button onClick={maker.open}>{t('make')}</Button>}
    >
      <Section title={t('keys')}>
        <Shown of={found}>
          {({ keys, scopes }) => (
            <>
              {keys.length === 0 ? (
                <Empty title={t('noKeys')} icon="keys">
                  {t('noKeysMore')}
                </Empty>
              ) : (
                <KeysTable keys={keys} />
              )}
              <MakeKey opened={making} close={maker.close} scopes={scopes} />
            </>
          )}
        </Shown>
      </Section>
      <Webhooks />
    </Page>
  );
}

function KeysTable({ keys }: { keys: ApiKeyLine[] }) {
  const t = useWords(words);
  const may = useMay();
  const [asked, ask] = useState<string>();
  const revoke = useAct((name: string) => act('DELETE', `/keys/${encodeURIComponent(name)}`), {
    say: t('revokedDone', { name: asked ?? '' }),
    done: () => ask(undefined),
  });
  return (
    <>
      <Rows minWidth={640} heads={[t('name'), t('scopes'), t('lastUsed'), t('state')]}>
        {keys.map((key) => (
          <KeyRow key={`${key.name}${key.createdAt}`} line={key} revoke={may('keys.write') ? ask : undefined} />
        ))}
      </Rows>
      <Confirm
        opened={asked !== undefined}
        close={() => ask(undefined)}
        title={t('revokeTitle', { name: asked ?? '' })}
        act={t('revoke')}
        dangerous
        busy={revoke.isPending}
        onConfirm={() => revoke.mutate(asked!)}
      >
        {t('revokeAbout')}
      </Confirm>
    </>
  );
}

function KeyRow({ line, revoke }: { line: ApiKeyLine; revoke: ((name: string) => void) | undefined }) {
  const t = useWords(words);
  const { name, prefix, scopes, source, createdAt, lastUsedAt, revokedAt } = line;
  const inUse = source === 'made' && revokedAt === null;
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {name}
        <Text size="xs" c="dimmed" fw={400}>
          {prefix && `${t('begins')} ${prefix}… `}
          {createdAt && (
            <>
              {t('made')} <Ago at={createdAt} />
            </>
          )}
        </Text>
      </Table.Th>
      <Table.Td>
        <Text size="sm">{scopes.join(', ')}</Text>
      </Table.Td>
      <Table.Td>{lastUsedAt ? <Ago at={lastUsedAt} /> : t('neverUsed')}</Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap" justify="space-between">
          <div>
            <Badge variant="light" color={revokedAt ? 'gray' : 'teal'}>
              {source === 'configuration' ? t('configured') : t(revokedAt ? 'revoked' : 'inUse')}
            </Badge>
            {source === 'configuration' && (
              <Text size="xs" c="dimmed">
                {t('configuredAbout')}
              </Text>
            )}
          </div>
          {inUse && revoke && (
            <Button
              size="compact-sm"
              variant="light"
              color="red"
              onClick={() => revoke(name)}
              aria-label={`${t('revoke')} ${name}`}
            >
              {t('revoke')}
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function Webhooks() {
  const t = useWords(words);
  const found = useQuery({
    queryKey: ['/webhook-addresses'],
    queryFn: ({ signal }) =>
      ask<{ publicUrl: string | null; items: WebhookAddress[] }>('/webhook-addresses', {}, signal),
  });
  return (
    <Section title={t('webhooks')} about={t('webhooksAbout')}>
      <Shown of={found}>
        {({ publicUrl, items }) =>
          publicUrl === null ? (
            <Text size="sm">{t('noAddress')}</Text>
          ) : (
            <Stack gap="xs">
              {items.map(({ account, label, url }) => (
                <div key={url}>
                  <Text size="sm" fw={500}>
                    {account}{' '}
                    <Text span size="xs" c="dimmed">
                      {label}
                    </Text>
                  </Text>
                  <CopyText text={url} label={account} />
                </div>
              ))}
            </Stack>
          )
        }
      </Shown>
    </Section>
  );
}
