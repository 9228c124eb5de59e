import { Alert, Button, Group, NativeSelect, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TestTarget } from '../../../wire/accounts.ts';
import { act, ask } from '../../api/client.ts';
import { Section } from '../../parts/card.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Shown } from '../../parts/states.tsx';
import { sayAgo } from '../../parts/time.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { words } from './words.ts';

/** A message to oneself, or whoever wrote last. */
export function TestMessage({ account }: { account: string }) {
  const t = useWords(words);
  const path = `/accounts/channel/${encodeURIComponent(account)}/test-targets`;
  const targets = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => ask<{ items: TestTarget[] }>(path, {}, signal),
    meta: { tables: ['conversations'] },
  });
  return (
    <Section title={t('test')} about={t('testAbout')}>
      <Shown of={targets}>
        {({ items }) =>
          items.length === 0 ? <Text size="sm">{t('testNobody')}</Text> : <Form account={account} targets={items} />
        }
      </Shown>
    </Section>
  );
}

function Form({ account, targets }: { account: string; targets: TestTarget[] }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const [chosen, choose] = useState(String(targets[0]!.conversation));
  const [text, setText] = useState(t('testWords'));
  const send = useMutation({
    mutationFn: () =>
      act<{ message: number }>('POST', `/accounts/channel/${encodeURIComponent(account)}/test`, {
        conversation: Number(chosen),
        text,
      }),
  });
  const nameOf = ({ name }: TestTarget) => name ?? t('unnamed');
  const target = targets.find(({ conversation }) => String(conversation) === chosen) ?? targets[0]!;
  return (
    <Stack gap="sm" maw={560}>
      <Alert color="yellow" variant="light" icon={<Icon name="warning" />}>
        {t('testWarning')}
      </Alert>
      <NativeSelect
        label={t('testTo')}
        value={chosen}
        onChange={(event) => choose(event.currentTarget.value)}
        data={targets.map((each) => ({
          value: String(each.conversation),
          label: `${nameOf(each)}${each.lastCustomerAt ? `, ${sayAgo(new Date(each.lastCustomerAt), new Date(), language)}` : ''}`,
        }))}
      />
      <Textarea
        label={t('testText')}
        value={text}
        maxLength={500}
        autosize
        minRows={2}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group>
        <Button disabled={text.trim() === ''} loading={send.isPending} onClick={() => send.mutate()}>
          {t('testSend', { name: nameOf(target) })}
        </Button>
        {send.error && (
          <Text size="sm" c="red" role="alert">
            {send.error.message}
          </Text>
        )}
        {send.data && <Fate message={send.data.message} />}
      </Group>
    </Stack>
  );
}

type State = 'waiting' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'unsure';
const ended: readonly State[] = ['delivered', 'read', 'failed'];

/** How far it has got. */
function Fate({ message }: { message: number }) {
  const t = useWords(words);
  const path = `/test-messages/${message}`;
  const found = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => ask<{ state: State; reason: string | null }>(path, {}, signal),
    refetchInterval: ({ state }) => (state.data && ended.includes(state.data.state) ? false : 1_000),
  });
  const { state = 'waiting', reason } = found.data ?? {};
  return (
    <Text size="sm" role="status">
      {t(`test-${state}`, { reason: reason ?? '' })}
    </Text>
  );
}
