import { Alert, Button, Group, List, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { MappingChecked, MappingMistake } from '../../../wire/mapping.ts';
import { act } from '../../api/client.ts';
import { Failed } from '../../parts/states.tsx';
import { useWords } from '../../words/language.tsx';
import { sayMistake } from './editor.tsx';
import { words } from './words.ts';

/** What is wrong with the text, in words; and a check against what the accounts have. */
export function Checked({ text, mistakes }: { text: string; mistakes: readonly MappingMistake[] }) {
  const t = useWords(words);
  const live = useMutation({
    mutationFn: (asked: string) => act<MappingChecked>('POST', '/mapping/check', { text: asked, live: true }),
  });
  // What was found holds for the text that was checked.
  const found = live.variables === text ? live.data : undefined;
  return (
    <div aria-live="polite">
      <Group justify="space-between" mt="xs">
        <Text size="sm" {...(mistakes.length > 0 && { c: 'red' })}>
          {mistakes.length > 0 ? t('mistakes', { n: mistakes.length }) : t('fine')}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          loading={live.isPending}
          disabled={mistakes.length > 0}
          onClick={() => live.mutate(text)}
          title={t('checkLiveAbout')}
        >
          {t('checkLive')}
        </Button>
      </Group>
      <Mistakes mistakes={mistakes} />
      {live.error && <Failed error={live.error} />}
      {found?.ok && mistakes.length === 0 && <Alert color="teal">{t('liveFine')}</Alert>}
      {found && !found.ok && (
        <>
          <Mistakes mistakes={found.mistakes} />
          {found.unchecked?.map((each) => (
            <Text key={each} size="sm">
              {each} ({t('unchecked')})
            </Text>
          ))}
        </>
      )}
    </div>
  );
}

function Mistakes({ mistakes }: { mistakes: readonly MappingMistake[] }) {
  const t = useWords(words);
  if (mistakes.length === 0) return null;
  return (
    <List size="sm">
      {mistakes.map((mistake) => (
        <List.Item key={`${mistake.line} ${mistake.column} ${mistake.problem}`}>
          {t('mistakeAt', { line: mistake.line, problem: sayMistake(mistake) })}
        </List.Item>
      ))}
    </List>
  );
}
