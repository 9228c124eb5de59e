import { Badge, Button, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ErasureReceipt } from '../../../wire/people.ts';
import { act, ask } from '../../api/client.ts';
import { Attention } from '../../parts/attention.tsx';
import { Back } from '../../parts/back.tsx';
import { Section } from '../../parts/card.tsx';
import { CopyText } from '../../parts/copy-text.tsx';
import { FactList } from '../../parts/fact-list.tsx';
import { Page } from '../../parts/page.tsx';
import { Rows } from '../../parts/rows.tsx';
import { Shown } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { words } from './erasure-words.ts';

/** The receipt of an erasure: what was done where, as far as it is. */
export default function ErasurePage() {
  const t = useWords(words);
  const { code } = useParams({ strict: false }) as { code: string };
  const path = `/erasures/${encodeURIComponent(code)}`;
  const found = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => ask<ErasureReceipt>(path, {}, signal),
    meta: { tables: ['erasures', 'erasure_steps'] },
  });
  return (
    <Page title={t('title')} about={<Back to="/people">{t('back')}</Back>}>
      <Shown of={found}>
        {(receipt) => (
          <Stack gap="md">
            <Standing path={path} receipt={receipt} />
            <Steps steps={receipt.steps} />
          </Stack>
        )}
      </Shown>
    </Page>
  );
}

function Standing({ path, receipt }: { path: string; receipt: ErasureReceipt }) {
  const t = useWords(words);
  const { state, code, askedAt, askedBy, endedAt } = receipt;
  const retry = useAct(() => act<{ retried: number }>('POST', `${path}/retry`), {
    say: ({ retried }) => t('retried', { n: retried }),
  });
  return (
    <Section
      title={t('standing')}
      actions={
        state === 'incomplete' && (
          <Button size="compact-sm" variant="default" loading={retry.isPending} onClick={() => retry.mutate(undefined)}>
            {t('retry')}
          </Button>
        )
      }
    >
      <Text size="sm" role="status">
        {t(`${state}About`)}
      </Text>
      <FactList
        facts={{
          [t('code')]: <CopyText text={code} label={t('code')} />,
          [t('asked')]: (
            <>
              {askedBy}, <Ago at={askedAt} />
            </>
          ),
          [t('ended')]: endedAt && <Ago at={endedAt} />,
        }}
      />
      <Text size="xs" c="dimmed">
        {t('keep')}
      </Text>
    </Section>
  );
}

function Steps({ steps }: Pick<ErasureReceipt, 'steps'>) {
  const t = useWords(words);
  return (
    <Section title={t('steps')} about={t('stepsAbout')}>
      <Rows minWidth={560} heads={[t('place'), t('what'), { number: t('removed') }, t('state')]}>
        {steps.map((step, n) => (
          // Their order is all that tells two of a kind apart.
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added at the end
          <Step key={n} {...step} />
        ))}
      </Rows>
    </Section>
  );
}

function Step({ place, what, state, count, reason }: ErasureReceipt['steps'][number]) {
  const t = useWords(words);
  const isOurs = place === 'ledger' || place === 'vault';
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        {isOurs ? t(place) : place}
      </Table.Th>
      <Table.Td>{t(`what-${what}`)}</Table.Td>
      <Table.Td ta="right">{state === 'done' ? count : '–'}</Table.Td>
      <Table.Td>
        {state === 'refused' ? (
          <Attention>{t('refused')}</Attention>
        ) : (
          <Badge variant="outline" size="sm" tt="none" color={state === 'done' ? 'teal' : 'gray'}>
            {t(state)}
          </Badge>
        )}
        {reason && <Text size="xs">{reason}</Text>}
      </Table.Td>
    </Table.Tr>
  );
}
