import { Button, Group, NativeSelect, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { CampaignLine } from '../../../wire/campaigns.ts';
import { useList } from '../../api/list.ts';
import { useMay } from '../../api/session.ts';
import { Page } from '../../parts/page.tsx';
import { Rows } from '../../parts/rows.tsx';
import { Empty, Failed, Loading, More } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useWords } from '../../words/language.tsx';
import { CampaignStateBadge, states } from './state-badge.tsx';
import { words } from './words.ts';

export default function CampaignsPage() {
  const t = useWords(words);
  const may = useMay();
  const [state, setState] = useUrlState('state');
  const list = useList<CampaignLine>('/campaigns', { state }, ['campaigns']);
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        may('campaigns.write') && (
          <Button component={Link} to="/campaigns/new">
            {t('make')}
          </Button>
        )
      }
    >
      <Group component="search">
        <NativeSelect
          label={t('state')}
          value={state}
          onChange={(e) => setState(e.currentTarget.value)}
          data={[{ value: '', label: t('any') }, ...states.map((value) => ({ value, label: t(value) }))]}
        />
      </Group>
      {list.isPending && <Loading />}
      {list.error && <Failed error={list.error} again={() => void list.refetch()} />}
      {list.data && list.items.length === 0 && (
        <Empty title={t(state ? 'noneFound' : 'none')} icon={state ? 'search' : 'campaigns'}>
          {t(state ? 'noneFoundMore' : 'noneMore')}
        </Empty>
      )}
      {list.items.length > 0 && <Campaigns items={list.items} />}
      <More {...list} />
    </Page>
  );
}

function Campaigns({ items }: { items: readonly CampaignLine[] }) {
  const t = useWords(words);
  return (
    <Rows minWidth={640} heads={[t('name'), t('state'), t('purpose'), t('letGo'), t('made')]} main>
      {items.map((each) => (
        <Row key={each.id} {...each} />
      ))}
    </Rows>
  );
}

function Row({ id, name, state, reason, purpose, texts, planned, released, madeBy, madeAt }: CampaignLine) {
  const t = useWords(words);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Link to={`/campaigns/${id}`}>{name}</Link>
        <Text size="xs" c="dimmed">
          {texts}
        </Text>
      </Table.Th>
      <Table.Td maw={280}>
        <CampaignStateBadge state={state} />
        {reason && <Text size="xs">{reason}</Text>}
      </Table.Td>
      <Table.Td>{purpose}</Table.Td>
      <Table.Td>{planned > 0 ? t('ofPlanned', { n: released, planned }) : '–'}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <Ago at={madeAt} />
        <Text size="xs" c="dimmed">
          {madeBy}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
