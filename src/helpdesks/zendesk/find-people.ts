import type { PersonId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { FoundPerson, PersonSearch } from '../helpdesk.ts';
import type { Query, ZendeskApi } from './api.ts';
import { attempt } from './outcome.ts';
import { anyBody, usersBody, type WireUser } from './wire.ts';

/** Searching again does no harm. */
const effect = 'repeatable';

/**
 * Living end users with our external id; else all of the first search that has any. Zendesk's search also finds what is merely
 * alike, so that each is compared again.
 */
export async function findPeople(
  api: ZendeskApi,
  externalId: string,
  searches: readonly PersonSearch[],
): Promise<Outcome<FoundPerson[]>> {
  const ours = await search(api, { external_id: externalId }, 'external-id', ({ external_id: id }) =>
    isSame(id, externalId),
  );
  if (ours.result !== 'done' || ours.value.length > 0) return ours;
  for (const { by, values } of searches) {
    const found: FoundPerson[] = [];
    for (const value of values) {
      const some = await search(api, { query: `${by}:"${value.replaceAll('"', '')}"` }, by, (user) =>
        isSame(user[by], value),
      );
      if (some.result !== 'done') return some;
      found.push(...some.value.filter(({ id }) => !found.some((each) => each.id === id)));
    }
    if (found.length > 0) return done(found);
  }
  return done([]);
}

const isSame = (held: string | null | undefined, sought: string): boolean =>
  held?.toLowerCase() === sought.toLowerCase();

async function search(
  api: ZendeskApi,
  query: Query,
  by: FoundPerson['by'],
  isMeant: (user: WireUser) => boolean,
): Promise<Outcome<FoundPerson[]>> {
  const answer = await attempt(effect, () => api.get(usersBody, ['users', 'search'], query));
  if (answer.result !== 'done') return answer;
  const people = answer.value.users.filter(
    (user) => user.id !== null && user.active !== false && user.role === 'end-user' && isMeant(user),
  );
  return done(people.map((user) => foundOf(user, by)));
}

const foundOf = (user: WireUser, by: FoundPerson['by']): FoundPerson => ({
  id: String(user.id) as PersonId,
  ...(user.name ? { name: user.name } : {}),
  ...(user.email ? { email: user.email } : {}),
  by,
  hasExternalId: Boolean(user.external_id),
});

export async function adoptPerson(api: ZendeskApi, person: PersonId, externalId: string): Promise<Outcome<void>> {
  const user = { external_id: externalId };
  const answer = await attempt(effect, () => api.put(anyBody, ['users', person], { user }));
  return answer.result === 'done' ? done(undefined) : answer;
}

/** Users API, Update User: an empty external id takes it away. */
export async function releasePerson(api: ZendeskApi, person: PersonId): Promise<Outcome<void>> {
  const user = { external_id: null };
  const answer = await attempt(effect, () => api.put(anyBody, ['users', person], { user }));
  return answer.result === 'done' ? done(undefined) : answer;
}
