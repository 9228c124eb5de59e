import { Button, Group, SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { CampaignView } from '../../../wire/campaigns.ts';
import { ask } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Back } from '../../parts/back.tsx';
import { Section } from '../../parts/card.tsx';
import { Page } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { useWords } from '../../words/language.tsx';
import { Preview } from '../notices/preview.tsx';
import { About } from './about.tsx';
import { useChoices } from './choices.ts';
import { Estimate } from './estimate.tsx';
import { Progress } from './progress.tsx';
import { Report } from './report.tsx';
import { Steps } from './steps.tsx';
import { TestSend } from './test-send.tsx';
import { words } from './words.ts';

export default function CampaignPage() {
  const t = useWords(words);
  const may = useMay();
  const { id } = useParams({ strict: false }) as { id: string };
  const path = `/campaigns/${encodeURIComponent(id)}`;
  const found = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => ask<CampaignView>(path, {}, signal),
    meta: { tables: ['campaigns'] },
  });
  return (
    <Page
      title={found.data?.name ?? t('campaign')}
      about={<Back to="/campaigns">{t('back')}</Back>}
      actions={found.data && may('campaigns.write') && <Acts path={path} campaign={found.data} />}
    >
      <Shown of={found}>{(campaign) => <Everything path={path} campaign={campaign} />}</Shown>
    </Page>
  );
}

function Acts({ path, campaign }: { path: string; campaign: CampaignView }) {
  const t = useWords(words);
  return (
    <Group gap="sm">
      {campaign.state === 'draft' && (
        <Button component={Link} to={`${path}/edit`} variant="default">
          {t('change')}
        </Button>
      )}
      <Steps path={path} campaign={campaign} />
    </Group>
  );
}

function Everything({ path, campaign }: { path: string; campaign: CampaignView }) {
  const t = useWords(words);
  const may = useMay();
  const choices = useChoices();
  const begun = campaign.plannedAt !== null;
  const over = campaign.state === 'stopped' || campaign.state === 'done';
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <About campaign={campaign} />
        <Stack gap="md">
          {begun && <Progress campaign={campaign} />}
          {!begun && !over && <Estimate path={path} />}
        </Stack>
      </SimpleGrid>
      {begun && <Report path={path} id={campaign.id} running={campaign.state === 'running'} />}
      <SimpleGrid cols={{ base: 1, lg: may('campaigns.write') ? 2 : 1 }}>
        <Section title={t('preview')} about={t('previewAbout')}>
          <Shown of={choices}>
            {({ channels }) => (
              <Preview name={campaign.texts} channels={channels} variables={asTexts(campaign.variables)} />
            )}
          </Shown>
        </Section>
        {may('campaigns.write') && <TestSend path={path} />}
      </SimpleGrid>
      {may('campaigns.write') && (
        <Group>
          <Button component={Link} to="/campaigns/new" search={{ like: campaign.id } as never} variant="default">
            {t('copy')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

const asTexts = (variables: CampaignView['variables']): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)]));
