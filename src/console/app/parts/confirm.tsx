import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../words/language.tsx';
import { Dialog } from './dialog.tsx';
import { words } from './words.ts';

interface ConfirmProps {
  opened: boolean;
  close: () => void;
  title: string;
  /** What will happen, and whether it can be undone. */
  children: ReactNode;
  /** On the button: the act itself, not “OK”. */
  act: string;
  /** It cannot be undone. */
  dangerous?: boolean;
  busy?: boolean;
  /** False while something that is needed was not filled in. */
  ready?: boolean;
  onConfirm: () => void;
}

/** Asks before something happens that matters. */
export function Confirm({
  opened,
  close,
  title,
  children,
  act,
  dangerous = false,
  busy = false,
  ready = true,
  onConfirm,
}: ConfirmProps) {
  const t = useWords(words);
  return (
    <Dialog opened={opened} onClose={close} title={title} centered>
      <Stack>
        <Text component="div" size="sm">
          {children}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            {t('cancel')}
          </Button>
          <Button {...(dangerous && { color: 'red' })} loading={busy} disabled={!ready} onClick={onConfirm}>
            {act}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
