import { Badge, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MappingMistake, MappingNow } from '../../../wire/mapping.ts';
import { ask } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Attention } from '../../parts/attention.tsx';
import { Section } from '../../parts/card.tsx';
import { Page } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { useWords } from '../../words/language.tsx';
import { ApplyButtons } from './apply.tsx';
import { Checked } from './checked.tsx';
import { Editor } from './editor.tsx';
import { Form } from './form.tsx';
import { Preview } from './preview.tsx';
import { Versions } from './versions.tsx';
import { words } from './words.ts';

export default function MappingPage() {
  const now = useQuery({
    queryKey: ['/mapping'],
    queryFn: ({ signal }) => ask<MappingNow>('/mapping', {}, signal),
    meta: { tables: ['mapping_versions'] },
  });
  return <Shown of={now}>{(mapping) => <Mapping now={mapping} />}</Shown>;
}

/** What is being written, and the version it was made from. */
interface Draft {
  text: string;
  from: number | null;
}

function Mapping({ now }: { now: MappingNow }) {
  const t = useWords(words);
  const may = useMay();
  const [draft, setDraft] = useState<Draft>();
  const [mistakes, setMistakes] = useState<MappingMistake[]>([]);
  const text = draft?.text ?? now.text;
  const write = (written: string) =>
    setDraft(written === now.text ? undefined : { text: written, from: draft?.from ?? now.version });
  return (
    <Page
      title={t('title')}
      about={
        <Stack gap={4}>
          <span>{t('about')}</span>
          <Group gap="xs">
            <Badge variant="light" tt="none">
              {t('inForce', { n: now.version ?? 0 })}
            </Badge>
            {draft && <Attention>{t('changed')}</Attention>}
          </Group>
        </Stack>
      }
      actions={
        may('mapping.write') ? (
          <ApplyButtons {...(draft && { draft })} faulty={mistakes.length > 0} drop={() => setDraft(undefined)} />
        ) : (
          <Text size="sm" c="dimmed">
            {t('readOnly')}
          </Text>
        )
      }
    >
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Section title={t('form')} about={t('formAbout')}>
          <Form text={text} schema={now.schema} onChange={write} />
        </Section>
        <Stack gap="md">
          <Section title={t('yaml')} about={t('yamlAbout')}>
            <Editor text={text} schema={now.schema} label={t('yamlLabel')} onChange={write} onChecked={setMistakes} />
            <Checked text={text} mistakes={mistakes} />
          </Section>
        </Stack>
      </SimpleGrid>
      {may('text.read') && <Preview text={text} />}
      <Versions inForce={now.version} />
    </Page>
  );
}
