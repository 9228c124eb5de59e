import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { PersonView } from '../../../wire/people.ts';
import { act } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Section } from '../../parts/card.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

export function Privacy({ path, person }: { path: string; person: PersonView }) {
  const t = useWords(words);
  const may = useMay();
  const [opened, dialog] = useDisclosure();
  const exported = useAct(() => act('POST', `${path}/export`, {}), {
    say: t('exported'),
    done: (all) => download(all, `customer-${person.id}.json`),
  });
  return (
    <Section title={t('privacy')} about={t('privacyAbout')}>
      <Group gap="sm">
        {may('people.export') && (
          <Button variant="default" loading={exported.isPending} onClick={() => exported.mutate(undefined)}>
            {t('export')}
          </Button>
        )}
        {may('people.erase') && (
          <Button variant="outline" color="red" onClick={dialog.open}>
            {t('erase')}
          </Button>
        )}
      </Group>
      <Erase path={path} opened={opened} close={dialog.close} />
    </Section>
  );
}

interface EraseProps {
  path: string;
  opened: boolean;
  close: () => void;
}

function Erase({ path, opened, close }: EraseProps) {
  const t = useWords(words);
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const erase = useAct(() => act<{ code: string }>('POST', `${path}/erase`, {}), {
    say: ({ code }) => t('erased', { code }),
    done: ({ code }) => {
      close();
      void navigate({ to: `/people/erasures/${code}` });
    },
  });
  const word = t('eraseWord');
  return (
    <Confirm
      opened={opened}
      close={close}
      title={t('eraseTitle')}
      act={t('erase')}
      dangerous
      busy={erase.isPending}
      ready={typed.trim().toLowerCase() === word}
      onConfirm={() => erase.mutate(undefined)}
    >
      <Stack gap="sm">
        <Text size="sm">{t('eraseAbout')}</Text>
        <TextInput
          label={t('eraseType', { word })}
          value={typed}
          onChange={(e) => setTyped(e.currentTarget.value)}
          required
        />
      </Stack>
    </Confirm>
  );
}

function download(all: unknown, name: string): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(all, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
