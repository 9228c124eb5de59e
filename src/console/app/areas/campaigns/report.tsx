import { SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { CampaignReport } from '../../../wire/campaigns.ts';
import { ask } from '../../api/client.ts';
import { Section } from '../../parts/card.tsx';
import { Rows } from '../../parts/rows.tsx';
import { Shown } from '../../parts/states.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { words } from './words.ts';

/** What it has come to, in customers, up to this moment. */
export function Report({ path, id, running }: { path: string; id: number; running: boolean }) {
  const t = useWords(words);
  const found = useQuery({
    queryKey: [`${path}/report`],
    queryFn: ({ signal }) => ask<CampaignReport>(`${path}/report`, {}, signal),
    // It counts everybody anew, so not with each notice that is sent.
    refetchInterval: running ? 5_000 : 30_000,
  });
  return (
    <Section
      title={t('report')}
      about={t('reportAbout')}
      actions={
        <Link to="/notices" search={{ campaign: id } as never}>
          {t('itsNotices')}
        </Link>
      }
    >
      <Shown of={found}>
        {(report) => (
          <Stack gap="md">
            <Numbers report={report} />
            <Reasons reasons={report.reasons} id={id} />
          </Stack>
        )}
      </Shown>
    </Section>
  );
}

const reached = ['sent', 'delivered', 'read', 'replied'] as const;
const rest = ['tickets', 'optedOut', 'heldOut', 'underWay', 'held', 'failed', 'refused', 'expired'] as const;

function Numbers({ report }: { report: CampaignReport }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const share = (n: number, of: number) =>
    of > 0 && n > 0 ? (n / of).toLocaleString(language, { style: 'percent', maximumFractionDigits: 1 }) : undefined;
  const { planned, sent } = report;
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }}>
      {[...reached, ...rest].map((name) => (
        <div key={name}>
          <Text size="xs" c="dimmed">
            {t(`report-${name}`)}
          </Text>
          <Text fw={600} size="lg">
            {report[name].toLocaleString(language)}{' '}
            <Text span size="xs" c="dimmed" fw={400}>
              {name === 'heldOut' ? undefined : share(report[name], ofSent.includes(name) ? sent : planned)}
            </Text>
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}

/** Their share is of those it was sent to; that of the others is of all who were planned. */
const ofSent: readonly string[] = ['delivered', 'read', 'replied', 'tickets', 'optedOut'];

function Reasons({ reasons, id }: Pick<CampaignReport, 'reasons'> & { id: number }) {
  const t = useWords(words);
  const { language } = useLanguage();
  if (reasons.length === 0) return null;
  return (
    <Rows minWidth={420} heads={[t('whyNot'), { number: t('customers') }]}>
      {reasons.map(({ state, reason, customers }) => (
        <Table.Tr key={`${state} ${reason}`}>
          <Table.Th scope="row" fw={400} style={{ overflowWrap: 'anywhere' }}>
            <Link to="/notices" search={{ campaign: id, state } as never}>
              {reason || state}
            </Link>
          </Table.Th>
          <Table.Td ta="right">{customers.toLocaleString(language)}</Table.Td>
        </Table.Tr>
      ))}
    </Rows>
  );
}
