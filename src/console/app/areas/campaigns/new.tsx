import { useQuery } from '@tanstack/react-query';
import type { CampaignView } from '../../../wire/campaigns.ts';
import { ask } from '../../api/client.ts';
import { Back } from '../../parts/back.tsx';
import { Page } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useWords } from '../../words/language.tsx';
import { useChoices } from './choices.ts';
import { draftLike, emptyDraft } from './draft.ts';
import { Form } from './form.tsx';
import { words } from './words.ts';

/** A new campaign; `?like=7` begins with what the seventh was. */
export default function NewCampaignPage() {
  const t = useWords(words);
  const [like] = useUrlState('like');
  const choices = useChoices();
  const model = useQuery({
    queryKey: [`/campaigns/${like}`],
    queryFn: ({ signal }) => ask<CampaignView>(`/campaigns/${encodeURIComponent(like)}`, {}, signal),
    enabled: like !== '',
  });
  const all = like === '' ? choices : { ...choices, data: model.data && choices.data, error: model.error };
  return (
    <Page title={t('make')} about={<Back to="/campaigns">{t('back')}</Back>}>
      <Shown of={all}>
        {(found) =>
          found.texts.length === 0 ? (
            <Empty title={t('noTexts')} icon="campaigns">
              {t('noTextsMore')}
            </Empty>
          ) : (
            <Form
              choices={found}
              first={model.data ? draftLike(model.data) : { ...emptyDraft, texts: found.texts[0]! }}
            />
          )
        }
      </Shown>
    </Page>
  );
}
