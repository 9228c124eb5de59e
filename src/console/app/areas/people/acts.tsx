import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { Acted, ActView } from '../../../wire/people.ts';
import { act } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Section } from '../../parts/card.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Ago } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

const names = { choose: 'choose', none: 'noneActs', cut: 'cutActs', join: 'joinActs', undo: 'undoActs' } as const;

/** What people decided, with a way back. */
export function Acts({ acts }: { acts: readonly ActView[] }) {
  const t = useWords(words);
  const may = useMay();
  const [undoing, setUndoing] = useState<number>();
  const undo = useAct((id: number) => act<Acted>('POST', `/link-acts/${id}/undo`, {}), {
    say: ({ corrected }) => t('done', { n: corrected }),
    done: () => setUndoing(undefined),
  });
  return (
    <Section title={t('acts')} about={t('actsAbout')}>
      {acts.length === 0 && <Text size="sm">{t('noActs')}</Text>}
      {acts.map((each) => (
        <Group key={each.id} justify="space-between" wrap="nowrap">
          <Said {...each} />
          {each.undoneBy === null && may('people.write') && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => setUndoing(each.id)}
              aria-label={`${t('undo')} ${each.id}`}
            >
              {t('undo')}
            </Button>
          )}
        </Group>
      ))}
      <Confirm
        opened={undoing !== undefined}
        close={() => setUndoing(undefined)}
        title={t('undoTitle')}
        act={t('undo')}
        busy={undo.isPending}
        onConfirm={() => undoing !== undefined && undo.mutate(undoing)}
      >
        {t('undoAbout')}
      </Confirm>
    </Section>
  );
}

function Said({ id, at, who, what, target, why, undoes, undoneBy }: ActView) {
  const t = useWords(words);
  return (
    <div>
      <Text size="sm" {...(undoneBy !== null && { td: 'line-through' })}>
        {id}: {who} {t(names[what], { n: undoes ?? 0 })} {target}
      </Text>
      <Text size="xs" c="dimmed">
        <Ago at={at} />
        {why && ` · ${why}`}
        {undoneBy !== null && ` · ${t('undone')}`}
      </Text>
    </div>
  );
}
