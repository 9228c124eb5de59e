import { AppShell, Badge, Box, Burger, Group, NavLink, ScrollArea, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import type { SignedIn } from '../../wire/session.ts';
import { useLive } from '../api/live.ts';
import { areas } from '../areas.ts';
import { Icon } from '../parts/icon.tsx';
import { fillIn } from '../words/catalogue.ts';
import { useLanguage, useWords } from '../words/language.tsx';
import { AccountMenu } from './account-menu.tsx';
import type { Area } from './area.ts';
import { words } from './words.ts';

/** Navigation, header and the page. */
export function Shell({ person }: { person: SignedIn }) {
  const t = useWords(words);
  const [opened, menu] = useDisclosure();
  useLive();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <a className="skip-link" href="#content">
        {t('skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={menu.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t(opened ? 'closeMenu' : 'openMenu')}
            />
            <img src="/console/icon.svg" alt="" width={24} height={24} />
            <Text fw={650}>Passerelle</Text>
          </Group>
          <AccountMenu person={person} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t('navigation')}>
        <ScrollArea>
          {areas
            .filter(({ may }) => person.may.includes(may))
            .map((area) => (
              <Entry key={area.path} area={area} close={menu.close} />
            ))}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Box maw="var(--page-width)" mx="auto">
          <Outlet />
        </Box>
      </AppShell.Main>
    </AppShell>
  );
}

const noBadge = () => 0;

function Entry({ area, close }: { area: Area; close: () => void }) {
  const { language } = useLanguage();
  const { pathname } = useLocation();
  const count = (area.useBadge ?? noBadge)();
  const here = pathname === area.path || pathname.startsWith(`${area.path}/`);
  return (
    <NavLink
      component={Link}
      to={area.path}
      onClick={close}
      active={here}
      aria-current={here ? 'page' : undefined}
      label={fillIn(area.title[language], language)}
      leftSection={<Icon name={area.icon} />}
      rightSection={
        count > 0 ? (
          <Badge size="sm" color="orange.2" c="black" circle={count < 10}>
            {count > 99 ? '99+' : count}
          </Badge>
        ) : undefined
      }
    />
  );
}
