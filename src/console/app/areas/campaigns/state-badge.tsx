import { Badge } from '@mantine/core';
import type { CampaignState } from '../../../wire/campaigns.ts';
import { Attention } from '../../parts/attention.tsx';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

export const states: readonly CampaignState[] = [
  ...(['draft', 'awaiting-approval', 'scheduled', 'running', 'paused', 'stopped', 'done'] as const),
];

export function CampaignStateBadge({ state }: { state: CampaignState }) {
  const t = useWords(words);
  if (state === 'awaiting-approval') return <Attention>{t(state)}</Attention>;
  return (
    <Badge variant="outline" tt="none" color={state === 'running' || state === 'done' ? 'teal' : 'gray'}>
      {t(state)}
    </Badge>
  );
}
