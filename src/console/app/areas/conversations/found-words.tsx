import { Card, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { FoundWords } from '../../../wire/conversations.ts';
import { useList } from '../../api/list.ts';
import { Empty, Failed, Loading, More } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useWords } from '../../words/language.tsx';
import { useFilters } from './filters.tsx';
import { words } from './words.ts';

/** Messages by what was said in them. */
export function FoundWordsList({ q }: { q: string }) {
  const t = useWords(words);
  const { channel, account, since, until } = useFilters().query;
  const list = useList<FoundWords>('/conversations/words', { q, channel, account, since, until });
  if (q === '')
    return (
      <Empty title={t('sayWords')} icon="search">
        {t('sayWordsMore')}
      </Empty>
    );
  if (list.isPending) return <Loading />;
  if (list.error) return <Failed error={list.error} again={() => void list.refetch()} />;
  if (list.items.length === 0)
    return (
      <Empty title={t('noneFound')} icon="search">
        {t('sayWordsMore')}
      </Empty>
    );
  return (
    <Stack gap="xs">
      {list.items.map((found) => (
        <Found key={found.message} {...found} />
      ))}
      <More {...list} />
    </Stack>
  );
}

function Found({ message, conversation, name, account, author, at, text }: FoundWords) {
  const t = useWords(words);
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" wrap="nowrap">
        <Link to={`/conversations/${conversation}`} hash={`message-${message}`}>
          {name ?? t('unnamed')}
        </Link>
        <Text size="xs" c="dimmed">
          <Ago at={at} />
        </Text>
      </Group>
      <Text size="xs" c="dimmed">
        {t(`${author}Says`)} · {account}
      </Text>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {text}
      </Text>
    </Card>
  );
}
