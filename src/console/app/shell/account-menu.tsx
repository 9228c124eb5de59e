import { Box, Button, Divider, Popover, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { SignedIn } from '../../wire/session.ts';
import { act } from '../api/client.ts';
import { signedOut } from '../api/queries.ts';
import { Icon } from '../parts/icon.tsx';
import { useAct } from '../parts/use-act.ts';
import { useWords } from '../words/language.tsx';
import { LanguageChoice, SchemeChoice } from './preferences.tsx';
import { words } from './words.ts';

/** Not a menu in the sense of ARIA: choices stand in it, which a menu may not hold. */
export function AccountMenu({ person }: { person: SignedIn }) {
  const t = useWords(words);
  const [opened, menu] = useDisclosure();
  const leave = useAct((path: string) => act('DELETE', path), { done: signedOut });
  const name = person.name ?? person.email;
  return (
    <Popover opened={opened} onChange={menu.set} position="bottom-end" width={280} trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<Icon name="person" />}
          aria-label={`${t('account')}: ${name}`}
          onClick={menu.toggle}
        >
          <Box component="span" visibleFrom="sm">
            {name}
          </Box>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('account')}>
        <Stack gap="xs">
          <div>
            <Text size="sm">{t('signedInAs', { email: person.email })}</Text>
            <Text size="xs" c="dimmed">
              {t(person.role)}
            </Text>
          </div>
          <SchemeChoice />
          <LanguageChoice />
          <Divider />
          <Button variant="default" loading={leave.isPending} onClick={() => leave.mutate('/session')}>
            {t('signOut')}
          </Button>
          <Button variant="subtle" color="gray" onClick={() => leave.mutate('/sessions')}>
            {t('signOutEverywhere')}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
