import { Alert, Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { act } from '../../api/client.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

interface MakeKeyProps {
  opened: boolean;
  close: () => void;
  scopes: readonly string[];
}

/** Makes a key, and shows it this once. */
export function MakeKey({ opened, close, scopes }: MakeKeyProps) {
  const t = useWords(words);
  const [made, setMade] = useState<string>();
  const leave = () => {
    setMade(undefined);
    close();
  };
  return (
    <Dialog opened={opened} onClose={leave} title={made ? t('newKey') : t('make')} closeOnClickOutside={!made} centered>
      {made ? (
        <Stack>
          <Alert color="yellow" variant="light" icon={<Icon name="warning" />}>
            {t('newKeyAbout')}
          </Alert>
          <CopyText text={made} label={t('newKey')} />
          <Group justify="flex-end">
            <Button onClick={leave}>{t('close')}</Button>
          </Group>
        </Stack>
      ) : (
        <Form scopes={scopes} made={setMade} />
      )}
    </Dialog>
  );
}

function Form({ scopes, made }: { scopes: readonly string[]; made: (key: string) => void }) {
  const t = useWords(words);
  const [name, setName] = useState('');
  const [chosen, choose] = useState<string[]>([]);
  const make = useAct(() => act<{ key: string }>('POST', '/keys', { name, scopes: chosen }), {
    done: ({ key }) => made(key),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate(undefined);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t('name')}
          description={t('nameAbout')}
          required
          maxLength={60}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group label={t('scopes')} value={chosen} onChange={choose} required>
          <Stack gap={6} mt="xs">
            {scopes.map((scope) => (
              <Checkbox key={scope} value={scope} label={scope} />
            ))}
          </Stack>
        </Checkbox.Group>
        {make.error && (
          <Text size="sm" c="red" role="alert">
            {make.error.message}
          </Text>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={make.isPending} disabled={name.trim() === '' || chosen.length === 0}>
            {t('make')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
