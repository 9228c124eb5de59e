import { Badge } from '@mantine/core';
import type { NoticeState } from '../../../wire/notices.ts';
import { Attention } from '../../parts/attention.tsx';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

export const states: readonly NoticeState[] = [
  ...(['waiting', 'sending', 'sent', 'delivered', 'read', 'failed', 'refused', 'expired', 'replaced', 'held'] as const),
];

const arrived: readonly NoticeState[] = ['sent', 'delivered', 'read'];

export function NoticeStateBadge({ state }: { state: NoticeState }) {
  const t = useWords(words);
  if (state === 'failed') return <Attention>{t(state)}</Attention>;
  return (
    <Badge variant="outline" size="sm" tt="none" color={arrived.includes(state) ? 'teal' : 'gray'}>
      {t(state)}
    </Badge>
  );
}
