import { Badge } from '@mantine/core';
import type { AccountState } from '../../../wire/accounts.ts';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

const colors: Record<AccountState, string> = {
  fine: 'teal',
  warning: 'yellow',
  bad: 'red',
  paused: 'orange',
  broken: 'red',
  unknown: 'gray',
};

export function StateBadge({ state }: { state: AccountState }) {
  const t = useWords(words);
  return (
    <Badge color={colors[state]} variant="light">
      {t(`state-${state}`)}
    </Badge>
  );
}
