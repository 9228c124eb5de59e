import { Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { NoticePreview } from '../../../wire/notices.ts';
import { act } from '../../api/client.ts';
import { Shown } from '../../parts/states.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { words } from './words.ts';

interface PreviewProps {
  /** The name of the texts. */
  name: string;
  channels: readonly { kind: string; label: string }[];
  /** Of a known order, instead of a made-up one. */
  order?: number;
  /** What a campaign fills them with. */
  variables?: Readonly<Record<string, string>>;
}

/** What a notice would say on a channel, in a language. */
export function Preview({ name, channels, order, variables }: PreviewProps) {
  const t = useWords(words);
  const { language } = useLanguage();
  const [chosen, setChannel] = useState('');
  const [spoken, setSpoken] = useState<string>(language);
  const channel = chosen || (channels[0]?.kind ?? '');
  const [wish] = useDebouncedValue({ name, channel, language: spoken.trim(), order, variables }, 250);
  const found = useQuery({
    queryKey: ['preview', wish],
    queryFn: () => act<NoticePreview>('POST', '/notice-texts/preview', wish),
    enabled: wish.channel !== '' && wish.language !== '',
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (channels.length === 0) return <Text size="sm">{t('noChannels')}</Text>;
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-end">
        <NativeSelect
          label={t('channel')}
          value={channel}
          onChange={(e) => setChannel(e.currentTarget.value)}
          data={channels.map(({ kind, label }) => ({ value: kind, label }))}
        />
        <TextInput
          label={t('language')}
          w={110}
          maxLength={20}
          value={spoken}
          onChange={(e) => setSpoken(e.currentTarget.value)}
        />
      </Group>
      <Shown of={found}>{(said) => <Said said={said} asked={wish.language} />}</Shown>
    </Stack>
  );
}

function Said({ said, asked }: { said: NoticePreview; asked: string }) {
  const t = useWords(words);
  const { language, title, text, picture, choices, template } = said;
  const other = language.toLowerCase() !== asked.replace('_', '-').toLowerCase();
  return (
    <Stack gap="xs" role="region" aria-label={t('preview')} aria-live="polite">
      {other && (
        <Text size="xs" c="dimmed">
          {t('otherLanguage', { asked, language })}
        </Text>
      )}
      <div className="bubble" lang={language}>
        {picture && (
          <Text size="xs" c="dimmed">
            {t('picture')}: {picture}
          </Text>
        )}
        {title && (
          <Text size="sm" fw={600}>
            {title}
          </Text>
        )}
        <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
          {text}
        </Text>
        {choices.map((choice) => (
          <Text key={choice.title} size="sm" fw={600} mt={4}>
            [{choice.title}]
            {'url' in choice && (
              <Text span size="xs" c="dimmed" fw={400}>
                {' '}
                {choice.url}
              </Text>
            )}
          </Text>
        ))}
      </div>
      {template && (
        <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
          {t('template', { name: template.name, language: template.language })}: {template.parameters.join(' | ')}
        </Text>
      )}
    </Stack>
  );
}
