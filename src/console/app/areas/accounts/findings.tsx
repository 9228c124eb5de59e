import { Group, List, Text, ThemeIcon } from '@mantine/core';
import type { FoundThing } from '../../../wire/accounts.ts';
import { Icon } from '../../parts/icon.tsx';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

/** What was found, the worst first. */
export function Findings({ findings }: { findings: readonly FoundThing[] }) {
  const t = useWords(words);
  if (findings.length === 0) return <Text size="sm">{t('noFindings')}</Text>;
  const weight = ({ ok, warning }: FoundThing) => (ok ? (warning ? 1 : 2) : 0);
  const sorted = [...findings].sort((a, b) => weight(a) - weight(b));
  return (
    <List listStyleType="none" spacing="sm">
      {sorted.map((finding, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same thing may be found twice
        <List.Item key={i}>
          <Finding {...finding} />
        </List.Item>
      ))}
    </List>
  );
}

function Finding({ ok, warning, what, why, fix, matters }: FoundThing) {
  const t = useWords(words);
  const color = ok ? (warning ? 'yellow' : 'teal') : 'red';
  return (
    <Group wrap="nowrap" align="flex-start" gap="sm">
      <ThemeIcon size="sm" radius="xl" variant="light" color={color}>
        <Icon name={ok && !warning ? 'check' : 'warning'} size={14} />
      </ThemeIcon>
      <div>
        <Text size="sm" fw={ok && !warning ? 400 : 600}>
          {t(ok ? (warning ? 'state-warning' : 'state-fine') : 'state-bad')}: {what}
        </Text>
        {why && <Text size="sm">{why}</Text>}
        {matters && (
          <Text size="xs" c="dimmed">
            {matters}
          </Text>
        )}
        {fix && (
          <Text size="sm" mt={4}>
            <b>{t('toDo')}:</b> {fix}
          </Text>
        )}
      </div>
    </Group>
  );
}
