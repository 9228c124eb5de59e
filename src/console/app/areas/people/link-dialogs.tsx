import { Button, NativeSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { Acted, PersonView } from '../../../wire/people.ts';
import { act } from '../../api/client.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

const objects = ['Contact', 'Lead', 'PersonAccount'];

/** Cuts a link that is wrong. */
export function CutButton({ path, at }: { path: string; at: string }) {
  const t = useWords(words);
  const [opened, dialog] = useDisclosure();
  const [why, setWhy] = useState('');
  const cut = useAct(() => act<Acted>('POST', `${path}/cut`, { at, why }), {
    say: ({ corrected }) => t('done', { n: corrected }),
    done: dialog.close,
  });
  return (
    <div>
      <Button size="compact-sm" variant="default" onClick={dialog.open} aria-label={`${t('cut')} ${at}`}>
        {t('cut')}
      </Button>
      <Confirm
        opened={opened}
        close={dialog.close}
        title={t('cutTitle', { at })}
        act={t('unlink')}
        busy={cut.isPending}
        ready={why.trim() !== ''}
        onConfirm={() => cut.mutate(undefined)}
      >
        <Stack gap="sm">
          <Text size="sm">{t('cutAbout')}</Text>
          <Why why={why} setWhy={setWhy} required />
        </Stack>
      </Confirm>
    </div>
  );
}

/** Says which record is the right one. */
export function SetRightButton({ path, person }: { path: string; person: PersonView }) {
  const t = useWords(words);
  const [opened, dialog] = useDisclosure();
  const [at, setAt] = useState(person.linkable[0]?.id ?? '');
  const [to, setTo] = useState('');
  const [object, setObject] = useState('Contact');
  const [why, setWhy] = useState('');
  const set = useAct(() => act<Acted>('POST', `${path}/cut`, { at, to, object, why }), {
    say: ({ corrected }) => t('done', { n: corrected }),
    done: dialog.close,
  });
  const isCrm = person.linkable.find(({ id }) => id === at)?.type === 'crm';
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={dialog.open}>
        {t('linkRight')}
      </Button>
      <Confirm
        opened={opened}
        close={dialog.close}
        title={t('setTitle')}
        act={t('setRight')}
        busy={set.isPending}
        ready={to.trim() !== '' && why.trim() !== ''}
        onConfirm={() => set.mutate(undefined)}
      >
        <Stack gap="sm">
          <Text size="sm">{t('setAbout')}</Text>
          <NativeSelect
            label={t('at')}
            value={at}
            onChange={(e) => setAt(e.currentTarget.value)}
            data={person.linkable.map(({ id }) => id)}
          />
          {isCrm && (
            <NativeSelect
              label={t('object')}
              value={object}
              onChange={(e) => setObject(e.currentTarget.value)}
              data={objects}
            />
          )}
          <TextInput label={t('record')} value={to} onChange={(e) => setTo(e.currentTarget.value)} required />
          <Why why={why} setWhy={setWhy} required />
        </Stack>
      </Confirm>
    </>
  );
}

/** Makes two customers one. */
export function JoinButton({ path }: { path: string }) {
  const t = useWords(words);
  const [opened, dialog] = useDisclosure();
  const [other, setOther] = useState<number | string>('');
  const [why, setWhy] = useState('');
  const join = useAct(() => act<Acted>('POST', `${path}/join`, { other: Number(other), ...(why && { why }) }), {
    say: ({ corrected }) => t('done', { n: corrected }),
    done: dialog.close,
  });
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        {t('join')}
      </Button>
      <Confirm
        opened={opened}
        close={dialog.close}
        title={t('joinTitle')}
        act={t('merge')}
        busy={join.isPending}
        ready={Number(other) > 0}
        onConfirm={() => join.mutate(undefined)}
      >
        <Stack gap="sm">
          <Text size="sm">{t('joinAbout')}</Text>
          <NumberInput
            label={t('other')}
            description={t('otherHint')}
            value={other}
            onChange={setOther}
            min={1}
            allowDecimal={false}
            hideControls
            required
          />
          <Why why={why} setWhy={setWhy} />
        </Stack>
      </Confirm>
    </>
  );
}

interface WhyProps {
  why: string;
  setWhy: (why: string) => void;
  required?: boolean;
}

function Why({ why, setWhy, required = false }: WhyProps) {
  const t = useWords(words);
  return (
    <TextInput
      label={t('why')}
      description={t('whyHint')}
      value={why}
      maxLength={500}
      onChange={(e) => setWhy(e.currentTarget.value)}
      required={required}
    />
  );
}
