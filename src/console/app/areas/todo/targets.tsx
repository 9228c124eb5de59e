import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { WaitingTarget } from '../../../wire/todo.ts';
import { act, ask } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Attention } from '../../parts/attention.tsx';
import { Section } from '../../parts/card.tsx';
import { Shown } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

export function Targets() {
  const t = useWords(words);
  const found = useQuery({
    queryKey: ['/todo/targets'],
    queryFn: ({ signal }) => ask<WaitingTarget[]>('/todo/targets', {}, signal),
    meta: { tables: ['target_states'] },
  });
  return (
    <Section title={t('targets')} about={t('targetsAbout')}>
      <Shown of={found}>
        {(targets) => (
          <>
            {targets.map((target) => (
              <Target key={target.target} {...target} />
            ))}
          </>
        )}
      </Shown>
    </Section>
  );
}

function Target({ target, state, reason, since }: WaitingTarget) {
  const t = useWords(words);
  const may = useMay();
  const probe = useAct(() => act('POST', '/todo/targets/try', { target }), { say: t('tried') });
  const [type, ...id] = target.split(':');
  return (
    <Group justify="space-between" align="flex-start">
      <div>
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {target}
          </Text>
          <Attention>{t(state === 'broken' ? 'isBroken' : 'isPaused')}</Attention>
          <Text size="xs" c="dimmed">
            <Ago at={since} />
          </Text>
        </Group>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {reason}
        </Text>
        {type !== 'shop' && <Link to={`/accounts/${type}/${encodeURIComponent(id.join(':'))}`}>{t('toAccount')}</Link>}
      </div>
      {may('todo.write') && (
        <Button
          size="compact-sm"
          variant="default"
          loading={probe.isPending}
          onClick={() => probe.mutate(undefined)}
          aria-label={`${t('tryNow')} ${target}`}
        >
          {t('tryNow')}
        </Button>
      )}
    </Group>
  );
}
