import { Alert, Button, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { MappingApplied } from '../../../wire/mapping.ts';
import { act } from '../../api/client.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSay } from '../../parts/use-say.ts';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

interface ApplyProps {
  draft?: { text: string; from: number | null };
  faulty: boolean;
  drop: () => void;
}

/** Puts what was written in force, or drops it. */
export function ApplyButtons({ draft, faulty, drop }: ApplyProps) {
  const t = useWords(words);
  const [opened, dialog] = useDisclosure();
  return (
    <>
      {draft && (
        <Button variant="default" onClick={drop}>
          {t('discard')}
        </Button>
      )}
      <Button disabled={!draft || faulty} onClick={dialog.open}>
        {t('apply')}
      </Button>
      {draft && opened && <ApplyDialog draft={draft} close={dialog.close} drop={drop} />}
    </>
  );
}

interface ApplyDialogProps {
  draft: { text: string; from: number | null };
  close: () => void;
  drop: () => void;
}

function ApplyDialog({ draft: { text, from }, close, drop }: ApplyDialogProps) {
  const t = useWords(words);
  const tell = useSay();
  const [comment, setComment] = useState('');
  const [trouble, setTrouble] = useState<string>();
  const [after, setAfter] = useState(from);
  const done = (applied: MappingApplied) => {
    if (applied.result === 'wrong') return setTrouble(t('wrong'));
    if (applied.result === 'overtaken') {
      setAfter(applied.version);
      return setTrouble(t('overtaken', { n: applied.version ?? 0 }));
    }
    const said = applied.result === 'applied' ? 'applied' : 'unchanged';
    tell({ message: t(said, { n: applied.version }), color: 'teal' });
    close();
    drop();
  };
  const apply = useAct(() => act<MappingApplied>('POST', '/mapping/versions', { text, comment, after: after ?? 1 }), {
    done,
  });
  return (
    <Confirm
      opened
      close={close}
      title={t('applyTitle')}
      act={t('apply')}
      busy={apply.isPending}
      onConfirm={() => apply.mutate(undefined)}
    >
      <Stack gap="sm">
        <Text size="sm">{t('applyAbout')}</Text>
        {trouble && <Alert color="orange">{trouble}</Alert>}
        <TextInput
          label={t('comment')}
          description={t('commentHint')}
          value={comment}
          maxLength={500}
          onChange={(e) => setComment(e.currentTarget.value)}
        />
      </Stack>
    </Confirm>
  );
}
