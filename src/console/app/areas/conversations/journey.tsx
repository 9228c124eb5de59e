import { Group, Text } from '@mantine/core';
import type { JourneyStep } from '../../../wire/conversations.ts';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { sayMoment } from '../../parts/time.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { words } from './words.ts';

const icons: Record<JourneyStep['state'], IconName> = {
  done: 'check',
  waiting: 'pause',
  parked: 'cross',
  skipped: 'right',
  unsure: 'warning',
};
const colours: Record<JourneyStep['state'], string> = {
  done: 'dimmed',
  waiting: 'dimmed',
  parked: 'var(--mantine-color-error)',
  skipped: 'dimmed',
  unsure: 'var(--mantine-color-error)',
};
const names = {
  written: 'written',
  received: 'received',
  file: 'fileCopied',
  helpdesk: 'helpdesk',
  crm: 'crm',
} as const;
const replyNames = {
  channel: 'toChannel',
  sending: 'sending',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
} as const;
const states = {
  done: 'stateDone',
  waiting: 'stateWaiting',
  parked: 'stateParked',
  skipped: 'stateSkipped',
  unsure: 'stateUnsure',
} as const;

/** A message's way through the service, step by step. */
export function Journey({ steps }: { steps: readonly JourneyStep[] }) {
  const t = useWords(words);
  return (
    <Group component="ol" gap="md" p={0} m={0} aria-label={t('journey')} style={{ listStyle: 'none' }}>
      {Object.entries(steps).map(([n, step]) => (
        <Step key={n} {...step} />
      ))}
    </Group>
  );
}

function Step({ what, state, at, where, reason, tries, replays }: JourneyStep) {
  const t = useWords(words);
  const { language } = useLanguage();
  const name = t({ ...names, ...replyNames }[what], { where: where ?? '' });
  const more = [
    ...(state === 'done' ? [] : [t(states[state])]),
    ...(at ? [sayMoment(new Date(at), language)] : []),
    ...(tries > 1 ? [t('tries', { n: tries })] : []),
    ...(replays > 0 ? [t('replays', { n: replays })] : []),
  ];
  return (
    <Text component="li" size="xs" c={colours[state]}>
      <Group component="span" gap={4} wrap="nowrap" align="flex-start" display="inline-flex">
        <Icon name={icons[state]} size={14} />
        <span>
          {name}
          {more.length > 0 && `: ${more.join(', ')}`}
          {reason && state !== 'done' && (
            <Text component="span" inherit display="block">
              {reason}
            </Text>
          )}
        </span>
      </Group>
    </Text>
  );
}
