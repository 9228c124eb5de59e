import { Badge, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SettingGroup, SettingsShown, UserLine } from '../../../wire/settings.ts';
import { ask } from '../../api/client.ts';
import { Section } from '../../parts/card.tsx';
import { Page } from '../../parts/page.tsx';
import { Rows } from '../../parts/rows.tsx';
import { Shown } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

export default function SettingsPage() {
  const t = useWords(words);
  const found = useQuery({
    queryKey: ['/settings'],
    queryFn: ({ signal }) => ask<SettingsShown>('/settings', {}, signal),
    meta: { tables: ['console_users', 'console_sessions'] },
  });
  return (
    <Page
      title={t('title')}
      about={
        <>
          {t('about')} {t('reference')}
        </>
      }
    >
      <Shown of={found}>
        {({ groups, users }) => (
          <Stack gap="md">
            {users.length > 0 && <Users users={users} />}
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              {groups.map((group) => (
                <Group key={group.name} group={group} />
              ))}
            </SimpleGrid>
          </Stack>
        )}
      </Shown>
    </Page>
  );
}

function Group({ group }: { group: SettingGroup }) {
  return (
    <Section title={group.name}>
      <Table>
        <Table.Tbody>
          {group.settings.map(({ name, value }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} style={{ overflowWrap: 'anywhere' }}>
                {name}
              </Table.Th>
              <Table.Td ta="right">
                <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                  {value}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

function Users({ users }: { users: UserLine[] }) {
  const t = useWords(words);
  return (
    <Section title={t('users')} about={t('usersAbout')}>
      <Rows minWidth={640} heads={[t('email'), t('role'), t('from'), t('state'), t('sessions'), t('lastSignedIn')]}>
        {users.map(({ email, name, role, source, disabled, sessions, signedInAt }) => (
          <Table.Tr key={email}>
            <Table.Th scope="row" fw={500}>
              {email}
              {name && (
                <Text size="xs" c="dimmed">
                  {name}
                </Text>
              )}
            </Table.Th>
            <Table.Td>{role}</Table.Td>
            <Table.Td>{source}</Table.Td>
            <Table.Td>
              <Badge variant="light" color={disabled ? 'gray' : 'teal'}>
                {t(disabled ? 'disabled' : 'inUse')}
              </Badge>
            </Table.Td>
            <Table.Td>{sessions > 0 ? t('browsers', { n: sessions }) : '–'}</Table.Td>
            <Table.Td>{signedInAt ? <Ago at={signedInAt} /> : t('never')}</Table.Td>
          </Table.Tr>
        ))}
      </Rows>
    </Section>
  );
}
