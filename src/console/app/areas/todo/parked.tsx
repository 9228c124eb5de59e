import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import type { ParkedLine } from '../../../wire/todo.ts';
import { act } from '../../api/client.ts';
import { useList } from '../../api/list.ts';
import { useMay } from '../../api/session.ts';
import { Section } from '../../parts/card.tsx';
import { Details } from '../../parts/details.tsx';
import { Failed, Loading, More } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { TicketNumber } from '../conversations/list.tsx';
import { DiscardDialog } from './discard.tsx';
import { ParkedDetails } from './parked-details.tsx';
import { words } from './words.ts';

const kinds = ['said', 'note', 'file', 'redaction'] as const;

export function ParkedList() {
  const t = useWords(words);
  const list = useList<ParkedLine>('/todo/parked', {}, ['deliveries', 'events']);
  return (
    <Section title={t('parked')} about={t('parkedAbout')}>
      {list.isPending && <Loading />}
      {list.error && <Failed error={list.error} again={() => void list.refetch()} />}
      <Stack gap="md">
        {list.items.map((parked) => (
          <Parked key={parked.id} parked={parked} />
        ))}
      </Stack>
      <More {...list} />
    </Section>
  );
}

function useName({ what, kind, account, target }: ParkedLine): string {
  const t = useWords(words);
  if (what === 'event') return t('kindEvent', { kind, account });
  const known = kinds.find((each) => each === kind);
  return t('kindMessage', { kind: known ? t(known) : kind, target: target ?? '' });
}

function Parked({ parked }: { parked: ParkedLine }) {
  const t = useWords(words);
  const name = useName(parked);
  return (
    <article aria-label={`${name} ${parked.id}`}>
      <Group justify="space-between" align="flex-start">
        <Text size="sm" fw={600}>
          {name}
        </Text>
        <Group gap="xs">
          {parked.ticket && <TicketNumber {...parked.ticket} />}
          {parked.conversation !== null && (
            <Link to={`/conversations/${parked.conversation}`}>
              {t('conversation')} {parked.conversation}
            </Link>
          )}
          <Text size="xs" c="dimmed">
            <Ago at={parked.parkedAt} /> · {t('triedTimes', { n: parked.attempts })}
          </Text>
        </Group>
      </Group>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {parked.reason}
      </Text>
      <Acts parked={parked} />
      <Details label={t('details')}>
        <ParkedDetails id={parked.id} />
      </Details>
    </article>
  );
}

function Acts({ parked: { id } }: { parked: ParkedLine }) {
  const t = useWords(words);
  const may = useMay();
  const [opened, dialog] = useDisclosure();
  const again = useAct(
    () => act<{ replayed: number; events: number }>('POST', `/todo/parked/${encodeURIComponent(id)}/replay`, {}),
    { say: ({ replayed, events }) => t('replayed', { n: replayed + events }) },
  );
  if (!may('todo.write')) return null;
  return (
    <Group gap="xs" mt={4}>
      <Button
        size="compact-sm"
        loading={again.isPending}
        onClick={() => again.mutate(undefined)}
        aria-label={`${t('replay')} ${id}`}
      >
        {t('replay')}
      </Button>
      <Button size="compact-sm" variant="default" onClick={dialog.open} aria-label={`${t('discard')} ${id}`}>
        {t('discard')}
      </Button>
      <DiscardDialog id={id} opened={opened} close={dialog.close} />
    </Group>
  );
}
