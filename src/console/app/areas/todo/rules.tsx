import { Anchor, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { EndingRule } from '../../../wire/todo.ts';
import { ask } from '../../api/client.ts';
import { Section } from '../../parts/card.tsx';
import { Shown } from '../../parts/states.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { words } from './words.ts';

export function EndingRules() {
  const t = useWords(words);
  const found = useQuery({
    queryKey: ['/todo/rules'],
    queryFn: ({ signal }) => ask<EndingRule[]>('/todo/rules', {}, signal),
  });
  return (
    <Section title={t('rules')} about={`${t('rulesAbout')} ${t('ruleMore')}`}>
      <Shown of={found}>
        {(rules) => (
          <>
            {rules.map((rule) => (
              <Rule key={`${rule.channel} ${rule.id}`} {...rule} />
            ))}
          </>
        )}
      </Shown>
    </Section>
  );
}

function Rule({ channel, id, note, source, ends, days }: EndingRule) {
  const t = useWords(words);
  const { language } = useLanguage();
  const day = new Date(ends).toLocaleDateString(language, { dateStyle: 'long' });
  return (
    <div>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {channel}: {id}
        </Text>
        <Text size="sm">
          {t('inDays', { n: days })} ({t('endsOn', { day })})
        </Text>
      </Group>
      {note && <Text size="sm">{note}</Text>}
      <Text size="xs" c="dimmed">
        {t('source')}:{' '}
        {/^https?:/.test(source) ? (
          <Anchor href={source} target="_blank" rel="noreferrer" inherit>
            {source}
          </Anchor>
        ) : (
          source
        )}
      </Text>
    </div>
  );
}
