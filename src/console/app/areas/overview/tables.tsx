import { Table, Text } from '@mantine/core';
import type { Figures, Overview } from '../../../wire/overview.ts';
import { Section } from '../../parts/card.tsx';
import { sayLength } from '../../parts/time.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { words } from './words.ts';

export function AccountsTable({ figures }: { figures: Figures }) {
  const t = useWords(words);
  const rows = figures.accounts.map((each) => [each.account, each.in, each.out]);
  return (
    <Section title={t('byAccount')}>
      <Numbers heads={[t('account'), t('in'), t('out')]} rows={rows} none={t('noMessages')} />
    </Section>
  );
}

const states = ['waiting', 'sending', 'sent', 'delivered', 'read', 'failed', 'unsure'] as const;

export function RepliesTable({ figures }: { figures: Figures }) {
  const t = useWords(words);
  const rows = states.flatMap((state) => {
    const found = figures.replies.find((each) => each.state === state);
    return found ? [[t(`state-${state}`), found.n]] : [];
  });
  return (
    <Section title={t('replies')} about={t('repliesMore')}>
      <Numbers heads={[t('state'), t('count')]} rows={rows} none={t('noReplies')} />
    </Section>
  );
}

export function BacklogTable({ overview }: { overview: Overview }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const rows = overview.backlogs.map(({ target, waiting, oldest, parked }) => [
    target,
    waiting,
    waiting > 0 ? sayLength(oldest * 1_000, language) : '–',
    parked,
  ]);
  return (
    <Section title={t('backlog')}>
      <Numbers heads={[t('target'), t('waiting'), t('oldest'), t('parked')]} rows={rows} none={t('nothingWaits')} />
    </Section>
  );
}

interface NumbersProps {
  heads: string[];
  /** Each begins with what it is of. */
  rows: (string | number)[][];
  none: string;
}

function Numbers({ heads, rows, none }: NumbersProps) {
  const { language } = useLanguage();
  if (rows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {none}
      </Text>
    );
  return (
    <Table.ScrollContainer minWidth={200}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {heads.map((head, i) => (
              <Table.Th key={head} ta={i > 0 ? 'right' : 'left'}>
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([name, ...values]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {name}
              </Table.Th>
              {values.map((value, i) => (
                <Table.Td key={heads[i + 1]} ta="right">
                  {typeof value === 'number' ? value.toLocaleString(language) : value}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
