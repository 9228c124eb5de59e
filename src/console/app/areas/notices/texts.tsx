import { Button, NativeSelect, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { NoticeTextLine, NoticeTextsView, TemplateFaults } from '../../../wire/notices.ts';
import { act, ask } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Attention } from '../../parts/attention.tsx';
import { Section } from '../../parts/card.tsx';
import { Page } from '../../parts/page.tsx';
import { Rows } from '../../parts/rows.tsx';
import { Failed, Shown } from '../../parts/states.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useWords } from '../../words/language.tsx';
import { NoticesNav } from './nav.tsx';
import { Preview } from './preview.tsx';
import { words } from './words.ts';

export default function TextsPage() {
  const t = useWords(words);
  const found = useQuery({
    queryKey: ['/notice-texts'],
    queryFn: ({ signal }) => ask<NoticeTextsView>('/notice-texts', {}, signal),
    staleTime: 300_000,
  });
  return (
    <Page title={t('texts')} about={t('textsAbout')}>
      <NoticesNav />
      <Shown of={found}>{(all) => <Texts {...all} />}</Shown>
    </Page>
  );
}

function Texts({ texts, channels }: NoticeTextsView) {
  const t = useWords(words);
  const may = useMay();
  const [wished, setChosen] = useUrlState('text');
  const chosen = texts.find(({ name }) => name === wished) ?? texts[0];
  if (!chosen) return null;
  return (
    <Stack gap="md">
      <NativeSelect
        label={t('text')}
        maw={360}
        value={chosen.name}
        onChange={(e) => setChosen(e.currentTarget.value)}
        data={texts.map(({ name }) => name)}
      />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Section title={t('preview')} about={t('previewAbout')}>
          <Preview name={chosen.name} channels={channels} />
        </Section>
        <Section title={t('files')} about={t('filesAbout')}>
          <Files files={chosen.files} />
        </Section>
      </SimpleGrid>
      {may('notices.write') && <Check />}
    </Stack>
  );
}

function Files({ files }: Pick<NoticeTextLine, 'files'>) {
  const t = useWords(words);
  return (
    <Rows minWidth={420} heads={[t('file'), t('language'), t('channel'), t('templates')]}>
      {files.map(({ file, language, channel, templates }) => (
        <Table.Tr key={file}>
          <Table.Th scope="row" fw={400} style={{ overflowWrap: 'anywhere' }}>
            {file}
          </Table.Th>
          <Table.Td>{language}</Table.Td>
          <Table.Td>{channel ?? t('everyChannel')}</Table.Td>
          <Table.Td style={{ overflowWrap: 'anywhere' }}>{templates.join(', ') || '–'}</Table.Td>
        </Table.Tr>
      ))}
    </Rows>
  );
}

/** Whether the platforms have approved of the templates that the texts name. */
function Check() {
  const t = useWords(words);
  const check = useMutation({ mutationFn: () => act<TemplateFaults>('POST', '/notice-texts/check') });
  return (
    <Section
      title={t('check')}
      about={t('checkAbout')}
      actions={
        <Button size="compact-sm" variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          {t('checkNow')}
        </Button>
      }
    >
      {check.error && <Failed error={check.error} />}
      <div role="status">
        {check.data?.faults.length === 0 && <Text size="sm">{t('allThere')}</Text>}
        {check.data?.faults.map(({ account, file, why }) => (
          <Text key={`${account} ${file} ${why}`} size="sm" style={{ overflowWrap: 'anywhere' }}>
            <Attention>{account}</Attention> {why}
            {file && ` (${file})`}
          </Text>
        ))}
      </div>
    </Section>
  );
}
