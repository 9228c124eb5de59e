import { Button, Code, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { RawMessage } from '../../../wire/conversations.ts';
import { act } from '../../api/client.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Failed } from '../../parts/states.tsx';
import { sayMoment } from '../../parts/time.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { words } from './words.ts';

/** Shows the webhook that told a message; each look is audited. */
export function RawButton({ message }: { message: number }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const look = useMutation({ mutationFn: () => act<RawMessage>('POST', `/messages/${message}/raw`, {}) });
  return (
    <>
      <Button
        size="compact-xs"
        variant="subtle"
        loading={look.isPending}
        onClick={() => look.mutate()}
        aria-label={`${t('raw')} (${message})`}
      >
        {t('raw')}
      </Button>
      <Dialog
        opened={look.data !== undefined || look.error !== null}
        onClose={look.reset}
        title={t('rawTitle')}
        size="xl"
      >
        {look.error && <Failed error={look.error} />}
        {look.data && (
          <>
            <Text size="sm" c="dimmed" mb="sm">
              {t('rawAbout', { at: sayMoment(new Date(look.data.receivedAt), language), source: look.data.source })}
            </Text>
            <Code block tabIndex={0} mah={480} style={{ overflow: 'auto' }}>
              {look.data.body}
            </Code>
          </>
        )}
      </Dialog>
    </>
  );
}
