import { Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { act } from '../../api/client.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

/** Gives a parked thing up, with the reason. */
export function DiscardDialog({ id, opened, close }: { id: string; opened: boolean; close: () => void }) {
  const t = useWords(words);
  const [why, setWhy] = useState('');
  const discard = useAct(() => act('POST', `/todo/parked/${encodeURIComponent(id)}/discard`, { why }), {
    say: t('discarded'),
    done: close,
  });
  return (
    <Confirm
      opened={opened}
      close={close}
      title={t('discardTitle')}
      act={t('giveUp')}
      dangerous
      busy={discard.isPending}
      ready={why.trim() !== ''}
      onConfirm={() => discard.mutate(undefined)}
    >
      <Stack gap="sm">
        <Text size="sm">{t('discardAbout')}</Text>
        <TextInput
          label={t('why')}
          description={t('whyHint')}
          value={why}
          maxLength={500}
          onChange={(e) => setWhy(e.currentTarget.value)}
          required
        />
      </Stack>
    </Confirm>
  );
}
