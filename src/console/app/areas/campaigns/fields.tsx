import { Checkbox, Group, NativeSelect, NumberInput, Stack, Textarea, TextInput } from '@mantine/core';
import type { CampaignChoices } from '../../../wire/campaigns.ts';
import { Section } from '../../parts/card.tsx';
import { useWords } from '../../words/language.tsx';
import type { Draft } from './draft.ts';
import { words } from './words.ts';

interface FieldsProps {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  choices: CampaignChoices;
}

export function WhatFields({ draft, set, choices }: FieldsProps) {
  const t = useWords(words);
  return (
    <Section title={t('what')}>
      <TextInput
        label={t('name')}
        description={t('nameHint')}
        required
        maxLength={200}
        value={draft.name}
        onChange={(e) => set({ name: e.currentTarget.value })}
      />
      <NativeSelect
        label={t('purpose')}
        description={t('purposeHint')}
        value={draft.purpose}
        onChange={(e) => set({ purpose: e.currentTarget.value })}
        data={choices.purposes}
      />
      <NativeSelect
        label={t('texts')}
        value={draft.texts}
        onChange={(e) => set({ texts: e.currentTarget.value })}
        data={choices.texts}
      />
      <Pairs draft={draft} set={set} name="variables" />
    </Section>
  );
}

/** Names with values, a line for each. */
function Pairs({ draft, set, name }: Omit<FieldsProps, 'choices'> & { name: 'variables' | 'attributes' }) {
  const t = useWords(words);
  return (
    <Textarea
      label={t(name)}
      description={t(`${name}Hint`)}
      autosize
      minRows={2}
      value={draft[name]}
      onChange={(e) => set({ [name]: e.currentTarget.value })}
    />
  );
}

/** When it begins, in the local time of whoever sits before it: `2026-01-31T09:00`. */
export function StartAt({ value, set }: { value: string; set: (value: string) => void }) {
  const t = useWords(words);
  return (
    <TextInput
      type="datetime-local"
      label={t('startAt')}
      description={t('startAtHint')}
      value={value}
      onChange={(e) => set(e.currentTarget.value)}
    />
  );
}

type TextField = { [Key in keyof Draft]: Draft[Key] extends string ? Key : never }[keyof Draft];

/** A field for text whose name and hint stand in the words by its own name. */
function Plain({ draft, set, name, hint }: Omit<FieldsProps, 'choices'> & { name: SegmentField; hint: Hint }) {
  const t = useWords(words);
  return (
    <TextInput
      label={t(`field-${name}`)}
      description={t(hint)}
      value={draft[name]}
      onChange={(e) => set({ [name]: e.currentTarget.value })}
    />
  );
}

type Hint = 'listHint' | 'lengthHint' | 'skuHint';
type SegmentField = Extract<
  TextField,
  | ('languages' | 'bought' | 'boughtWithin' | 'notBought' | 'notBoughtWithin')
  | ('leaveOutBuyersFor' | 'wroteWithin' | 'expiresAfter')
>;

export function SegmentFields(props: FieldsProps) {
  const t = useWords(words);
  const { draft, set, choices } = props;
  return (
    <Section title={t('segment')} about={t('segmentHint')}>
      <Several
        label={t('channels')}
        value={draft.channels}
        choose={(channels) => set({ channels })}
        data={choices.channels.map(({ kind, label }) => ({ value: kind, label }))}
      />
      <Several
        label={t('accounts')}
        value={draft.accounts}
        choose={(accounts) => set({ accounts })}
        data={choices.accounts.map((id) => ({ value: id, label: id }))}
      />
      <Plain {...props} name="languages" hint="listHint" />
      <Pairs draft={draft} set={set} name="attributes" />
      <Group grow align="flex-end">
        <Plain {...props} name="boughtWithin" hint="lengthHint" />
        <Plain {...props} name="bought" hint="skuHint" />
      </Group>
      <Group grow align="flex-end">
        <Plain {...props} name="notBoughtWithin" hint="lengthHint" />
        <Plain {...props} name="notBought" hint="skuHint" />
      </Group>
      <Plain {...props} name="leaveOutBuyersFor" hint="lengthHint" />
      <Plain {...props} name="wroteWithin" hint="lengthHint" />
    </Section>
  );
}

interface SeveralProps {
  label: string;
  value: string[];
  choose: (value: string[]) => void;
  data: { value: string; label: string }[];
}

function Several({ label, value, choose, data }: SeveralProps) {
  return (
    <Checkbox.Group label={label} value={value} onChange={choose}>
      <Group gap="md" mt={4}>
        {data.map((each) => (
          <Checkbox key={each.value} value={each.value} label={each.label} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}

export function PaceFields(props: FieldsProps) {
  const t = useWords(words);
  const { draft, set, choices } = props;
  return (
    <Section title={t('pace')}>
      <Stack gap="sm">
        <Group grow align="flex-end">
          <NumberInput
            label={t('rate')}
            description={t('rateHint', { n: choices.perMinute })}
            min={1}
            max={60_000}
            allowDecimal={false}
            hideControls
            value={draft.perMinute}
            onChange={(value) => set({ perMinute: String(value) })}
          />
          <NumberInput
            label={t('holdOutPercent')}
            description={t('holdOutHint')}
            min={0}
            max={90}
            hideControls
            value={draft.holdOut}
            onChange={(value) => set({ holdOut: String(value) })}
          />
        </Group>
        <Group grow align="flex-end">
          <StartAt value={draft.startAt} set={(startAt) => set({ startAt })} />
          <Plain {...props} name="expiresAfter" hint="lengthHint" />
        </Group>
      </Stack>
    </Section>
  );
}
