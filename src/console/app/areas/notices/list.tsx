import { Button, Group, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { NoticeChoices, NoticeLine } from '../../../wire/notices.ts';
import { ask } from '../../api/client.ts';
import { useList } from '../../api/list.ts';
import { Icon } from '../../parts/icon.tsx';
import { Page } from '../../parts/page.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { Empty, Failed, Loading, More } from '../../parts/states.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useWords } from '../../words/language.tsx';
import { NoticesNav } from './nav.tsx';
import { states } from './state-badge.tsx';
import { NoticesTable } from './table.tsx';
import { words } from './words.ts';

export default function NoticesPage() {
  const t = useWords(words);
  const [state] = useUrlState('state');
  const [event] = useUrlState('event');
  const [order] = useUrlState('order');
  const [campaign] = useUrlState('campaign');
  const [customer] = useUrlState('customer');
  const filter = { state, event, order, campaign, customer };
  const filtered = Object.values(filter).some((each) => each !== '');
  const list = useList<NoticeLine>('/notices', filter, ['notices', 'notice_tries']);
  return (
    <Page title={t('title')} about={t('about')}>
      <NoticesNav />
      <Filters />
      {list.isPending && <Loading />}
      {list.error && <Failed error={list.error} again={() => void list.refetch()} />}
      {list.data && list.items.length === 0 && (
        <Empty title={t(filtered ? 'noneFound' : 'none')} icon={filtered ? 'search' : 'notices'}>
          {t(filtered ? 'noneFoundMore' : 'noneMore')}
        </Empty>
      )}
      {list.items.length > 0 && <NoticesTable items={list.items} />}
      <More {...list} />
    </Page>
  );
}

function Filters() {
  const t = useWords(words);
  const [state, setState] = useUrlState('state');
  const [event, setEvent] = useUrlState('event');
  const [order, setOrder] = useUrlState('order');
  const choices = useQuery({
    queryKey: ['/notices/choices'],
    queryFn: ({ signal }) => ask<NoticeChoices>('/notices/choices', {}, signal),
    staleTime: 300_000,
  });
  const any = { value: '', label: t('any') };
  return (
    <Group gap="sm" align="flex-end" component="search">
      <Only name="campaign" />
      <Only name="customer" />
      <SearchBox label={t('orderNumber')} placeholder={t('orderNumberHint')} value={order} onSearch={setOrder} />
      <NativeSelect
        label={t('state')}
        value={state}
        onChange={(e) => setState(e.currentTarget.value)}
        data={[any, ...states.map((value) => ({ value, label: t(value) }))]}
      />
      <NativeSelect
        label={t('notice')}
        value={event}
        onChange={(e) => setEvent(e.currentTarget.value)}
        data={[any, ...(choices.data?.events ?? []).map((value) => ({ value, label: value }))]}
      />
    </Group>
  );
}

/** Came along with a link from there; a press takes it away. */
function Only({ name }: { name: 'campaign' | 'customer' }) {
  const t = useWords(words);
  const [value, set] = useUrlState(name);
  if (value === '') return null;
  return (
    <Button variant="default" rightSection={<Icon name="cross" size={14} />} onClick={() => set('')}>
      {t(`only-${name}`, { id: value })}
    </Button>
  );
}
