import type { z } from 'zod';
import { minutes, seconds } from '../../domain/duration.ts';
import type { Clock } from '../../kit/clock.ts';
import type { ZendeskApi } from './api.ts';
import { ZendeskFailure } from './failure.ts';
import { pagesOf } from './pages.ts';
import { brandsBody, formsBody, groupsBody, usersBody, type WireNamed } from './wire.ts';

export type NamedKind = 'group' | 'brand' | 'form';

/** What administrators named, by its name or its number. */
export interface Names {
  /** Undefined: there is no such thing, or this service's user may not see it. Throws a ZendeskFailure when it cannot be asked. */
  idOf(kind: NamedKind, name: string): Promise<string | undefined>;
  /** An agent by e-mail. */
  agent(email: string): Promise<string | undefined>;
  /** Asks anew the next time. */
  forget(): void;
}

/** How long a list holds, and how long one is not asked for again in which a name was not found. */
const holds = minutes(5);
const soonest = seconds(20);

interface Kept<Value> {
  value: Value;
  askedAt: number;
}

export function makeNames(api: ZendeskApi, clock: Clock): Names {
  const lists = new Map<NamedKind, Kept<WireNamed[]>>();
  const agents = new Map<string, Kept<string | undefined>>();
  const now = () => clock.now().getTime();

  const list = async (kind: NamedKind, youngerThan: number): Promise<WireNamed[]> => {
    const kept = lists.get(kind);
    if (kept && now() - kept.askedAt < youngerThan) return kept.value;
    const value = await unlessForbidden(() => listNamed(api, kind), []);
    lists.set(kind, { value, askedAt: now() });
    return value;
  };

  return {
    idOf: async (kind, name) => {
      const known = idIn(await list(kind, holds), name);
      return known ?? idIn(await list(kind, soonest), name);
    },
    agent: async (email) => {
      const key = email.toLowerCase();
      const kept = agents.get(key);
      if (kept && now() - kept.askedAt < (kept.value ? holds : soonest)) return kept.value;
      const value = await unlessForbidden(() => findAgent(api, key), undefined);
      if (agents.size > 1_000) agents.clear();
      agents.set(key, { value, askedAt: now() });
      return value;
    },
    forget: () => {
      lists.clear();
      agents.clear();
    },
  };
}

const same = (a: string | null | undefined, b: string): boolean => a?.trim().toLowerCase() === b.trim().toLowerCase();

/** One that is switched off counts as not there: Zendesk refuses tickets for it. */
function idIn(named: readonly WireNamed[], name: string): string | undefined {
  const usable = named.filter(({ active, deleted }) => active !== false && deleted !== true);
  return usable.find((each) => same(each.name, name) || each.id === name.trim())?.id;
}

/** A plan without brands or forms answers 403 or 404: there are none. */
async function unlessForbidden<Value>(ask: () => Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return await ask();
  } catch (error) {
    const failure = error instanceof ZendeskFailure ? error.failure : undefined;
    if (failure?.kind === 'refused' && (failure.status === 403 || failure.status === 404)) return otherwise;
    throw error;
  }
}

export function listNamed(api: ZendeskApi, kind: NamedKind): Promise<WireNamed[]> {
  if (kind === 'group') return all(api, groupsBody, 'groups', ({ groups }) => groups);
  if (kind === 'brand') return all(api, brandsBody, 'brands', ({ brands }) => brands);
  return all(api, formsBody, 'ticket_forms', ({ ticket_forms }) => ticket_forms);
}

async function all<Body extends z.output<typeof groupsBody> | z.output<typeof brandsBody> | z.output<typeof formsBody>>(
  api: ZendeskApi,
  shape: z.ZodType<Body>,
  path: string,
  items: (body: Body) => WireNamed[],
): Promise<WireNamed[]> {
  const found: WireNamed[] = [];
  for await (const body of pagesOf(api, shape, [path])) found.push(...items(body));
  return found;
}

async function findAgent(api: ZendeskApi, email: string): Promise<string | undefined> {
  const { users } = await api.get(usersBody, ['users', 'search'], { query: `email:"${email}"` });
  const staff = users.find(({ role, active }) => (role === 'agent' || role === 'admin') && active !== false);
  return staff?.id ?? undefined;
}
