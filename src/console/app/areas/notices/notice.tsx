import { SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { NoticeView } from '../../../wire/notices.ts';
import { ask } from '../../api/client.ts';
import { Back } from '../../parts/back.tsx';
import { Section } from '../../parts/card.tsx';
import { FactList } from '../../parts/fact-list.tsx';
import { Page } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useWords } from '../../words/language.tsx';
import { Chain } from './chain.tsx';
import { NoticeStateBadge } from './state-badge.tsx';
import { words } from './words.ts';

export default function NoticePage() {
  const t = useWords(words);
  const { id } = useParams({ strict: false }) as { id: string };
  const path = `/notices/${encodeURIComponent(id)}`;
  const found = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => ask<NoticeView>(path, {}, signal),
    meta: { tables: ['notices', 'notice_tries'] },
  });
  return (
    <Page title={found.data ? found.data.event : t('notice')} about={<Back to="/notices">{t('back')}</Back>}>
      <Shown of={found}>
        {(notice) => (
          <SimpleGrid cols={{ base: 1, lg: 2 }}>
            <Standing notice={notice} />
            <Chain tries={notice.chain} />
          </SimpleGrid>
        )}
      </Shown>
    </Page>
  );
}

const ago = (at: string | null) => at && <Ago at={at} />;

function Standing({ notice }: { notice: NoticeView }) {
  const t = useWords(words);
  const { state, reason, customer, name, order, campaign, campaignName, conversation, message } = notice;
  const open = state === 'waiting' || state === 'held';
  return (
    <Section title={t('standing')}>
      <Stack gap={4} align="flex-start">
        <NoticeStateBadge state={state} />
        <Text size="sm">{t(`${state}About`)}</Text>
        {reason && <Text size="sm">{reason}</Text>}
      </Stack>
      <FactList
        facts={{
          [t('customer')]: <Link to={`/people/${customer}`}>{name ?? t('unnamed')}</Link>,
          [t('order')]: order && <Link to={`/notices/orders/${order.id}`}>{order.number}</Link>,
          [t('campaign')]: campaign !== null && <Link to={`/campaigns/${campaign}`}>{campaignName ?? campaign}</Link>,
          [t('purpose')]: notice.purpose,
          [t('language')]: notice.language,
          [t('planned')]: <Ago at={notice.createdAt} />,
          [t('notBefore')]: open && <Ago at={notice.notBefore} />,
          [t('expires')]: open && <Ago at={notice.expiresAt} />,
          [t('taken')]: ago(notice.sentAt),
          [t('ended')]: ago(notice.endedAt),
          [t('seen')]: conversation !== null && (
            <Link to={`/conversations/${conversation}`} {...(message !== null && { hash: `message-${message}` })}>
              {t('inConversation')}
            </Link>
          ),
        }}
      />
    </Section>
  );
}
