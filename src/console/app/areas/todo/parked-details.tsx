import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ParkedView } from '../../../wire/todo.ts';
import { act, ask } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Shown } from '../../parts/states.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

/** What a parked thing says, what is best done, and the way out where its fate is not known. */
export function ParkedDetails({ id }: { id: string }) {
  const t = useWords(words);
  const path = `/todo/parked/${encodeURIComponent(id)}`;
  const found = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => ask<ParkedView>(path, {}, signal),
    meta: { tables: ['deliveries'] },
  });
  return (
    <Shown of={found}>
      {({ advice, text, unsure }) => (
        <Stack gap="xs" mt="xs">
          <Text size="sm">{advice}</Text>
          <Text size="sm" c="dimmed" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {text ?? t('hidden')}
          </Text>
          {unsure > 0 && <Resend path={path} />}
        </Stack>
      )}
    </Shown>
  );
}

function Resend({ path }: { path: string }) {
  const t = useWords(words);
  const may = useMay();
  const again = useAct(() => act<{ replayed: number }>('POST', `${path}/replay`, { resendUnsure: true }), {
    say: ({ replayed }) => t('replayed', { n: replayed }),
  });
  return (
    <div>
      <Text size="sm">{t('unsure')}</Text>
      {may('todo.write') && (
        <Button size="compact-sm" variant="default" loading={again.isPending} onClick={() => again.mutate(undefined)}>
          {t('resendUnsure')}
        </Button>
      )}
    </div>
  );
}
