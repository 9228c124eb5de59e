import { Badge, Group, Stack, Text } from '@mantine/core';
import type { NoticeTryView } from '../../../wire/notices.ts';
import { Attention } from '../../parts/attention.tsx';
import { Section } from '../../parts/card.tsx';
import { Ago } from '../../parts/time.tsx';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

/** The accounts that were tried, in order, and why each ended as it did. */
export function Chain({ tries }: { tries: readonly NoticeTryView[] }) {
  const t = useWords(words);
  return (
    <Section title={t('chain')} about={t('chainAbout')}>
      {tries.length === 0 && <Text size="sm">{t('noTries')}</Text>}
      <Stack component="ol" gap="sm" m={0} pl="lg">
        {tries.map((each) => (
          <li key={each.id}>
            <Try {...each} />
          </li>
        ))}
      </Stack>
    </Section>
  );
}

function Try({ account, channel, state, form, reason, startedAt }: NoticeTryView) {
  const t = useWords(words);
  return (
    <Stack gap={2}>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {channel ? `${channel} (${account})` : account}
        </Text>
        <TryBadge state={state} />
        <Text size="xs" c="dimmed">
          {form && `${t(`form-${form}`)} · `}
          <Ago at={startedAt} />
        </Text>
      </Group>
      {reason && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {reason}
        </Text>
      )}
    </Stack>
  );
}

function TryBadge({ state }: Pick<NoticeTryView, 'state'>) {
  const t = useWords(words);
  if (state === 'failed' || state === 'unsure') return <Attention>{t(`try-${state}`)}</Attention>;
  return (
    <Badge variant="outline" size="sm" tt="none" color={state === 'sent' ? 'teal' : 'gray'}>
      {t(`try-${state}`)}
    </Badge>
  );
}
