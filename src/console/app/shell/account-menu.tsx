import { Box, Button, Menu, Stack, Text } from '@mantine/core';
import type { SignedIn } from '../../wire/session.ts';
import { act } from '../api/client.ts';
import { signedOut } from '../api/queries.ts';
import { Icon } from '../parts/icon.tsx';
import { useAct } from '../parts/use-act.ts';
import { useWords } from '../words/language.tsx';
import { LanguageChoice, SchemeChoice } from './preferences.tsx';
import { words } from './words.ts';

export function AccountMenu({ person }: { person: SignedIn }) {
  const t = useWords(words);
  const leave = useAct((path: string) => act('DELETE', path), { done: signedOut });
  return (
    <Menu position="bottom-end" width={280} withinPortal>
      <Menu.Target>
        <Button variant="subtle" color="gray" leftSection={<Icon name="person" />} aria-label={t('account')}>
          <Box component="span" visibleFrom="sm">
            {person.name ?? person.email}
          </Box>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Stack gap="xs" p="xs">
          <Text size="sm">{t('signedInAs', { email: person.email })}</Text>
          <Text size="xs" c="dimmed">
            {t(person.role)}
          </Text>
          <SchemeChoice />
          <LanguageChoice />
        </Stack>
        <Menu.Divider />
        <Menu.Item onClick={() => leave.mutate('/session')}>{t('signOut')}</Menu.Item>
        <Menu.Item onClick={() => leave.mutate('/sessions')}>{t('signOutEverywhere')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
