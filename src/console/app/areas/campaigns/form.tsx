import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { CampaignChoices, CampaignView } from '../../../wire/campaigns.ts';
import { act } from '../../api/client.ts';
import { Section } from '../../parts/card.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { Preview } from '../notices/preview.tsx';
import { type Draft, pairs, wishOf } from './draft.ts';
import { PaceFields, SegmentFields, WhatFields } from './fields.tsx';
import { LiveSize } from './live-size.tsx';
import { words } from './words.ts';

interface FormProps {
  choices: CampaignChoices;
  first: Draft;
  /** The draft that is changed; without it a new one is made. */
  path?: string;
}

/** Makes a draft or changes one; beside it stands what it would say, and how many it would tell. */
export function Form({ choices, first, path }: FormProps) {
  const t = useWords(words);
  const navigate = useNavigate();
  const [draft, setDraft] = useState(first);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const keep = () => act<CampaignView>(path ? 'PUT' : 'POST', path ?? '/campaigns', wishOf(draft));
  const make = useAct(keep, {
    say: t(path ? 'isChanged' : 'isMade'),
    done: ({ id }) => void navigate({ to: `/campaigns/${id}` }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate(undefined);
  };
  const fields = { draft, set, choices };
  return (
    <form onSubmit={submit}>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Stack gap="md">
          <WhatFields {...fields} />
          <SegmentFields {...fields} />
          <PaceFields {...fields} />
          {make.error && (
            <Text size="sm" c="red" role="alert">
              {make.error.message}
            </Text>
          )}
          <Group>
            <Button type="submit" loading={make.isPending} disabled={draft.name.trim() === ''}>
              {t(path ? 'keepDraft' : 'makeDraft')}
            </Button>
            <Text size="xs" c="dimmed">
              {t('makeDraftHint')}
            </Text>
          </Group>
        </Stack>
        <Stack gap="md">
          <LiveSize draft={draft} />
          <Section title={t('preview')} about={t('previewAbout')}>
            <Preview name={draft.texts} channels={choices.channels} variables={pairs(draft.variables)} />
          </Section>
        </Stack>
      </SimpleGrid>
    </form>
  );
}
