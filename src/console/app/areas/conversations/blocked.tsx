import { Alert, Button, Group, Text } from '@mantine/core';
import type { ConversationHead } from '../../../wire/conversations.ts';
import { act } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Ago } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

interface Props {
  path: string;
  blocked: NonNullable<ConversationHead['blocked']>;
}

/** Says that an agent blocked the customer, and lets them in again. */
export function Blocked({ path, blocked: { at, by, spam } }: Props) {
  const t = useWords(words);
  const may = useMay();
  const lift = useAct(() => act('POST', `${path}/let-in`, {}), { say: t('letInDone') });
  return (
    <Alert color="orange" title={t(spam ? 'blockedSpam' : 'blocked', { by })}>
      <Group justify="space-between">
        <Text size="sm">
          {t('blockedAbout')} <Ago at={at} />
        </Text>
        {may('todo.write') && (
          <Button variant="default" loading={lift.isPending} onClick={() => lift.mutate(undefined)}>
            {t('letIn')}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
