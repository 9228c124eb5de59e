import { useQuery } from '@tanstack/react-query';
import type { Overview } from '../../../wire/overview.ts';
import { ask } from '../../api/client.ts';
import { Page } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';

export default function OverviewPage() {
  const found = useQuery({
    queryKey: ['/overview'],
    queryFn: () => ask<Overview>('/overview'),
    meta: { tables: ['messages'] },
  });
  return (
    <Page title="Overview">
      <Shown of={found}>{({ at }) => <Ago at={at} />}</Shown>
    </Page>
  );
}
