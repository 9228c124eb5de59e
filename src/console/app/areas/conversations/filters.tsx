import { Group, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ConversationChoices } from '../../../wire/conversations.ts';
import { ask } from '../../api/client.ts';
import { useUrlState } from '../../parts/url-state.ts';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

const states = ['open', 'closed', 'none'] as const;
const works = ['waiting', 'parked'] as const;

/** What the page's address narrows the list to. */
export function useFilters() {
  const [channel] = useUrlState('channel');
  const [account] = useUrlState('account');
  const [state] = useUrlState('state');
  const [work] = useUrlState('work');
  const [since] = useUrlState('since');
  const [until] = useUrlState('until');
  const query = { channel, account, state, work, since: beginning(since, 0), until: beginning(until, 1) };
  return { query, filtered: Object.values(query).some((value) => value !== undefined && value !== '') };
}

/** When a day of the browser's calendar begins, or the one so many days later. */
function beginning(day: string, later: number): string | undefined {
  if (!day) return undefined;
  const at = new Date(`${day}T00:00`);
  at.setDate(at.getDate() + later);
  return at.toISOString();
}

/** `byWords`: only what a search for words can be narrowed by. */
export function Filters({ byWords }: { byWords: boolean }) {
  const t = useWords(words);
  const [account, setAccount] = useUrlState('account');
  const [channel, setChannel] = useUrlState('channel');
  const [state, setState] = useUrlState('state');
  const [work, setWork] = useUrlState('work');
  const [since, setSince] = useUrlState('since');
  const [until, setUntil] = useUrlState('until');
  const choices = useQuery({
    queryKey: ['/conversations/choices'],
    queryFn: ({ signal }) => ask<ConversationChoices>('/conversations/choices', {}, signal),
    staleTime: 300_000,
  });
  const any = { value: '', label: t('any') };
  const channels = choices.data?.channels.map(({ kind, label }) => ({ value: kind, label })) ?? [];
  const accounts = choices.data?.accounts.map(({ id }) => ({ value: id, label: id })) ?? [];
  const named = <Key extends 'open' | 'closed' | 'none' | 'waiting' | 'parked'>(keys: readonly Key[]) =>
    keys.map((key) => ({ value: key, label: t(key) }));
  const select = (label: string, value: string, set: (value: string) => void, data: typeof channels) => (
    <NativeSelect label={label} value={value} onChange={(e) => set(e.currentTarget.value)} data={[any, ...data]} />
  );
  return (
    <Group gap="sm" align="flex-end">
      {select(t('channel'), channel, setChannel, channels)}
      {select(t('account'), account, setAccount, accounts)}
      {!byWords && select(t('state'), state, setState, named(states))}
      {!byWords && select(t('work'), work, setWork, named(works))}
      <TextInput type="date" label={t('since')} value={since} onChange={(e) => setSince(e.currentTarget.value)} />
      <TextInput type="date" label={t('until')} value={until} onChange={(e) => setUntil(e.currentTarget.value)} />
    </Group>
  );
}
