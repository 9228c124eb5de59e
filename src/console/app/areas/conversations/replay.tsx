import { Button, Checkbox, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Replayed } from '../../../wire/conversations.ts';
import { act } from '../../api/client.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Shown } from '../../parts/states.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

/** Asks what a replay would do, tells it, and does it. */
export function ReplayButton({ path }: { path: string }) {
  const t = useWords(words);
  const [opened, dialog] = useDisclosure();
  const [resendUnsure, setResend] = useState(false);
  const again = useAct(() => act<Replayed>('POST', `${path}/replay`, { resendUnsure }), {
    say: ({ replayed, events }) => t('replayed', { n: replayed + events }),
    done: dialog.close,
  });
  return (
    <>
      <Button variant="default" leftSection={<Icon name="replay" size={16} />} onClick={dialog.open}>
        {t('replay')}
      </Button>
      <Confirm
        opened={opened}
        close={dialog.close}
        title={t('replayTitle')}
        act={t('replay')}
        busy={again.isPending}
        onConfirm={() => again.mutate(undefined)}
      >
        <Stack gap="sm">
          <Text size="sm">{t('replayAbout')}</Text>
          {opened && <Would path={path} resend={resendUnsure} setResend={setResend} />}
        </Stack>
      </Confirm>
    </>
  );
}

interface WouldProps {
  path: string;
  resend: boolean;
  setResend: (resend: boolean) => void;
}

function Would({ path, resend, setResend }: WouldProps) {
  const t = useWords(words);
  const would = useQuery({
    queryKey: [path, 'replay'],
    queryFn: () => act<Replayed>('POST', `${path}/replay`, { dryRun: true }),
    gcTime: 0,
    staleTime: 0,
  });
  return (
    <Shown of={would}>
      {({ replayed, events, waiting, unsure }) => (
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            {t('replayWould', { n: replayed + events })} {waiting > 0 && t('replayWaits', { n: waiting })}
          </Text>
          {unsure > 0 && (
            <>
              <Text size="sm">{t('replayUnsure', { n: unsure })}</Text>
              <Checkbox
                label={t('resendUnsure')}
                checked={resend}
                onChange={(e) => setResend(e.currentTarget.checked)}
              />
            </>
          )}
        </Stack>
      )}
    </Shown>
  );
}
