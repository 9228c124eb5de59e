import { Alert, Button, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ConversationLine } from '../../../wire/conversations.ts';
import type { MappingPreview } from '../../../wire/mapping.ts';
import type { Page } from '../../../wire/page.ts';
import { act, ask } from '../../api/client.ts';
import { Section } from '../../parts/card.tsx';
import { Failed } from '../../parts/states.tsx';
import { useWords } from '../../words/language.tsx';
import { Diff } from './diff.tsx';
import { sayMistake } from './editor.tsx';
import { words } from './words.ts';

/** What the text would have made of a past conversation. */
export function Preview({ text }: { text: string }) {
  const t = useWords(words);
  const [conversation, setConversation] = useState<number | string>('');
  const preview = useMutation({
    mutationFn: (id: number) => act<MappingPreview>('POST', '/mapping/preview', { text, conversation: id }),
  });
  const latest = useMutation({
    mutationFn: () => ask<Page<ConversationLine>>('/conversations'),
    onSuccess: ({ items: [found] }) => {
      if (!found) return;
      setConversation(found.id);
      preview.mutate(found.id);
    },
  });
  return (
    <Section title={t('preview')} about={t('previewAbout')}>
      <Group align="flex-end">
        <NumberInput
          label={t('conversation')}
          description={t('conversationHint')}
          value={conversation}
          onChange={setConversation}
          min={1}
          allowDecimal={false}
          hideControls
        />
        <Button
          loading={preview.isPending}
          disabled={!(Number(conversation) > 0)}
          onClick={() => preview.mutate(Number(conversation))}
        >
          {t('show')}
        </Button>
        <Button variant="default" loading={latest.isPending} onClick={() => latest.mutate()}>
          {t('latest')}
        </Button>
      </Group>
      {preview.error && <Failed error={preview.error} />}
      {preview.data && <Previewed preview={preview.data} />}
    </Section>
  );
}

function Previewed({ preview: { mistakes, tickets } }: { preview: MappingPreview }) {
  const t = useWords(words);
  if (mistakes.length > 0) return <Alert color="red">{mistakes.map(sayMistake).join('; ')}</Alert>;
  if (tickets.length === 0) return <Text size="sm">{t('noTickets')}</Text>;
  return (
    <Stack gap="md" aria-live="polite">
      {tickets.map(({ ticket, version, lines }) => {
        const title = t('ticket', { ticket, version });
        return (
          <div key={ticket}>
            <Text size="sm" fw={600}>
              {title}
            </Text>
            {lines.every((line) => line.startsWith(' ')) && (
              <Text size="sm" c="dimmed">
                {t('same')}
              </Text>
            )}
            <Diff lines={lines} label={title} />
          </div>
        );
      })}
    </Stack>
  );
}
