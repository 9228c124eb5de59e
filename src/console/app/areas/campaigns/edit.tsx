import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { CampaignView } from '../../../wire/campaigns.ts';
import { ask } from '../../api/client.ts';
import { Back } from '../../parts/back.tsx';
import { Page } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { useWords } from '../../words/language.tsx';
import { useChoices } from './choices.ts';
import { draftOf } from './draft.ts';
import { Form } from './form.tsx';
import { words } from './words.ts';

/** A draft is changed before it is started. */
export default function EditCampaignPage() {
  const t = useWords(words);
  const { id } = useParams({ strict: false }) as { id: string };
  const path = `/campaigns/${encodeURIComponent(id)}`;
  const choices = useChoices();
  const found = useQuery({ queryKey: [path], queryFn: ({ signal }) => ask<CampaignView>(path, {}, signal) });
  const both = { ...found, data: found.data && choices.data && { campaign: found.data, choices: choices.data } };
  return (
    <Page title={t('change')} about={<Back to={path}>{found.data?.name ?? t('campaign')}</Back>}>
      <Shown of={{ ...both, error: found.error ?? choices.error }}>
        {({ campaign, choices: known }) =>
          campaign.state === 'draft' ? (
            <Form choices={known} first={draftOf(campaign)} path={path} />
          ) : (
            <Empty title={t('noDraft')} icon="campaigns">
              {t('noDraftMore')}
            </Empty>
          )
        }
      </Shown>
    </Page>
  );
}
