import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core';
import { useWords } from '../words/language.tsx';
import { Icon } from './icon.tsx';
import { words } from './words.ts';

/** A text to take along. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const t = useWords(words);
  return (
    <Group gap="xs" wrap="nowrap">
      <Code style={{ overflowWrap: 'anywhere' }}>{text}</Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('copied') : t('copy')}>
            <ActionIcon variant="default" onClick={copy} aria-label={`${copied ? t('copied') : t('copy')}: ${label}`}>
              <Icon name={copied ? 'check' : 'copy'} size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
