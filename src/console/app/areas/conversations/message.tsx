import { Badge, Box, Button, Group, Text } from '@mantine/core';
import type { Replayed, ThreadItem } from '../../../wire/conversations.ts';
import { act } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Ago } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { Journey } from './journey.tsx';
import { TicketNumber } from './list.tsx';
import { RawButton } from './raw.tsx';
import { words } from './words.ts';

/** One message with its way; what the customer wrote stands to the left, what was written to them to the right. */
export function Message({ item }: { item: ThreadItem }) {
  const t = useWords(words);
  const ours = item.author !== 'customer';
  return (
    <Box
      component="li"
      id={`message-${item.id}`}
      ml={{ base: 0, sm: ours ? 'xl' : 0 }}
      mr={{ base: 0, sm: ours ? 0 : 'xl' }}
      p="sm"
      bd="1px solid var(--mantine-color-default-border)"
      {...(ours && { bg: 'var(--mantine-color-default-hover)' })}
      style={{ borderRadius: 'var(--mantine-radius-md)' }}
    >
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {item.kind === 'said' ? (item.authorName ?? t(`${item.author}Says`)) : t(item.kind)}
          </Text>
          <Marks item={item} />
        </Group>
        <Group gap="xs">
          {item.ticket && <TicketNumber {...item.ticket} />}
          <Text size="xs" c="dimmed">
            <Ago at={item.at} />
            {item.mapping !== null && ` · ${t('mappingVersion', { n: item.mapping })}`}
          </Text>
        </Group>
      </Group>
      <Text size="sm" my={6} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {item.text ?? <Text component="span" inherit c="dimmed">{`[${item.parts.join(', ')}] ${t('hidden')}`}</Text>}
      </Text>
      <Journey steps={item.journey} />
      <Acts item={item} />
    </Box>
  );
}

function Marks({ item }: { item: ThreadItem }) {
  const t = useWords(words);
  const marks = (['late', 'redacted', 'recovered'] as const).filter((mark) => item[mark]);
  return marks.map((mark) => (
    <Badge key={mark} size="sm" variant="outline" color="gray" tt="none">
      {t(mark)}
    </Badge>
  ));
}

function Acts({ item }: { item: ThreadItem }) {
  const t = useWords(words);
  const may = useMay();
  const again = useAct(() => act<Replayed>('POST', `/messages/${item.id}/replay`, {}), {
    say: ({ replayed }) => t('replayed', { n: replayed }),
  });
  const stuck = item.journey.some(({ state }) => state === 'parked' || state === 'waiting');
  return (
    <Group gap="xs" mt={6}>
      {stuck && may('todo.write') && (
        <Button
          size="compact-xs"
          variant="default"
          loading={again.isPending}
          onClick={() => again.mutate(undefined)}
          aria-label={`${t('replayMessage')} ${item.id}`}
        >
          {t('replayMessage')}
        </Button>
      )}
      {item.author === 'customer' && item.kind === 'said' && may('raw.read') && <RawButton message={item.id} />}
    </Group>
  );
}
