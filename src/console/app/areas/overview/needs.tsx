import { Anchor, Badge, Group, List, Stack, Text, ThemeIcon } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Needs, Overview, PausedTarget } from '../../../wire/overview.ts';
import { Section } from '../../parts/card.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Ago } from '../../parts/time.tsx';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

/** Where each is dealt with. */
const places: Record<keyof Needs, string> = {
  parkedMessages: '/todo',
  parkedEvents: '/todo',
  questions: '/todo',
  brokenAccounts: '/accounts',
  unsubscribed: '/accounts',
  silent: '/accounts',
};

export function NeedsPerson({ overview }: { overview: Overview }) {
  const t = useWords(words);
  const needs = (Object.keys(places) as (keyof Needs)[]).filter((why) => overview.needs[why] > 0);
  return (
    <Section title={t('needs')}>
      {needs.length === 0 ? (
        <AllWell />
      ) : (
        <List listStyleType="none" spacing="xs">
          {needs.map((why) => (
            <List.Item key={why}>
              <Group justify="space-between" wrap="nowrap">
                <Text size="sm">{t(why, { n: overview.needs[why] })}</Text>
                <Anchor
                  component={Link}
                  to={places[why]}
                  size="sm"
                  aria-label={`${t('look')}: ${t(why, { n: overview.needs[why] })}`}
                >
                  {t('look')}
                </Anchor>
              </Group>
            </List.Item>
          ))}
        </List>
      )}
    </Section>
  );
}

function AllWell() {
  const t = useWords(words);
  return (
    <Group wrap="nowrap" align="flex-start">
      <ThemeIcon variant="light" radius="xl" color="teal">
        <Icon name="check" />
      </ThemeIcon>
      <div>
        <Text size="sm" fw={600}>
          {t('nothingNeeded')}
        </Text>
        <Text size="sm" c="dimmed">
          {t('nothingNeededMore')}
        </Text>
      </div>
    </Group>
  );
}

export function Paused({ overview }: { overview: Overview }) {
  const t = useWords(words);
  return (
    <Section title={t('paused')} about={t('pausedMore')}>
      {overview.paused.length === 0 ? (
        <Text size="sm">{t('nonePaused')}</Text>
      ) : (
        <Stack gap="xs">
          {overview.paused.map((target) => (
            <PausedLine key={target.target} {...target} />
          ))}
        </Stack>
      )}
    </Section>
  );
}

function PausedLine({ target, state, reason, since }: PausedTarget) {
  const t = useWords(words);
  return (
    <div>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {target}
        </Text>
        <Badge color={state === 'broken' ? 'red' : 'orange'} variant="light" size="sm">
          {t(state === 'broken' ? 'isBroken' : 'isPaused')}
        </Badge>
        <Text size="xs" c="dimmed">
          <Ago at={since} />
        </Text>
      </Group>
      <Text size="xs" c="dimmed">
        {reason}
      </Text>
    </div>
  );
}
