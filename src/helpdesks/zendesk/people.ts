import { seconds } from '../../domain/duration.ts';
import type { PersonId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Profile } from '../../domain/person.ts';
import type { Log } from '../../kit/log.ts';
import type { ZendeskApi } from './api.ts';
import { releasePerson } from './find-people.ts';
import { attempt, type Effect } from './outcome.ts';
import { refusedFields } from './refusal.ts';
import { anyBody, userBody, usersBody, type WireUser } from './wire.ts';

export interface SoughtPerson {
  externalId: string;
  profile: Profile;
  /** The name of somebody whose name the platform does not tell. */
  fallbackName: string;
}

/** Zendesk users of customers, found and created by external id. */
export interface People {
  ensure(person: SoughtPerson, known?: PersonId, refused?: readonly PersonId[]): Promise<Outcome<PersonId>>;
  /** Whether this user was deleted or merged away; then the next `ensure` seeks it again although it is known. */
  isGone(person: PersonId): Promise<boolean>;
}

/** Creating twice is harmless: the external id is unique, so the second try is refused and searched. */
const effect: Effect = 'repeatable';

export function makePeople(api: ZendeskApi, log: Log): People {
  const gone = new Set<PersonId>();
  const unnamed = makeBoundedSet<PersonId>(10_000);

  /** Somebody never met is created at once: in most cases that is one call instead of two. Who is there already is refused, and found. */
  const resolve = async (person: SoughtPerson, isNew: boolean): Promise<Outcome<PersonId>> => {
    if (isNew) return create(api, person, draftOf(person), greetAgain);
    const found = await attempt(effect, () => search(api, person.externalId));
    if (found.result !== 'done') return found;
    if (found.value) return done(await greetAgain(found.value, person));
    return create(api, person, draftOf(person), greetAgain);
  };

  /** Zendesk allows 5 updates a minute per user and one a second in all, so only a name that was missing is brought up to date. */
  const greetAgain = async (user: WireUser & { id: string }, person: SoughtPerson): Promise<PersonId> => {
    const id = user.id as PersonId;
    if (person.profile.name && user.name === person.fallbackName) await rename(id, person);
    return id;
  };

  const rename = async (id: PersonId, { profile }: SoughtPerson): Promise<void> => {
    const user = { name: profile.name, ...(profile.pictureUrl && { remote_photo_url: profile.pictureUrl }) };
    const { result } = await attempt(effect, () => api.put(anyBody, ['users', id], { user }));
    if (result !== 'done') log.warn('person.update-failed', { person: id, result });
  };

  const remember = (outcome: Outcome<PersonId>, { profile }: SoughtPerson): Outcome<PersonId> => {
    if (outcome.result !== 'done') return outcome;
    if (profile.name) unnamed.delete(outcome.value);
    else unnamed.add(outcome.value);
    return outcome;
  };

  return {
    ensure: async (person, known, refused = []) => {
      const released = known === undefined ? await release(api, person.externalId, refused) : done(undefined);
      if (released.result !== 'done') return released;
      const hasNews =
        known !== undefined && !gone.has(known) && person.profile.name !== undefined && unnamed.has(known);
      if (known && !gone.has(known) && !hasNews) return remember(done(known), person);
      const outcome = await resolve(person, known === undefined);
      // News that cannot be written now holds nobody up.
      if (hasNews && outcome.result !== 'done') return done(known);
      if (known && outcome.result === 'done') gone.delete(known);
      return remember(outcome, person);
    },
    isGone: async (person) => {
      const shown = await attempt<boolean>(
        effect,
        async () => (await api.get(userBody, ['users', person])).user.active !== false,
        async ({ status }) => (status === 404 ? done(false) : undefined),
      );
      if (shown.result !== 'done' || shown.value) return false;
      gone.add(person);
      return true;
    },
  };
}

/** Of those whom the customer is not, the one who has their external id loses it. */
async function release(api: ZendeskApi, externalId: string, refused: readonly PersonId[]): Promise<Outcome<void>> {
  if (refused.length === 0) return done(undefined);
  const holder = await attempt(effect, () => search(api, externalId));
  if (holder.result !== 'done') return holder;
  const id = holder.value?.id as PersonId | undefined;
  return id !== undefined && refused.includes(id) ? releasePerson(api, id) : done(undefined);
}

/** The living user with this external id, which Zendesk compares without regard to case. */
async function search(api: ZendeskApi, externalId: string): Promise<(WireUser & { id: string }) | undefined> {
  const { users } = await api.get(usersBody, ['users', 'search'], { external_id: externalId });
  return users.find((user): user is WireUser & { id: string } => isLiving(user) && hasExternalId(user, externalId));
}

const isLiving = (user: WireUser) => user.id !== null && user.active !== false;
const hasExternalId = (user: WireUser, id: string) => (user.external_id ?? id).toLowerCase() === id.toLowerCase();

/** What may be left out when Zendesk will not have it: better a user without an e-mail than no ticket. */
type Optional = { email?: string; phone?: string; locale?: string; remote_photo_url?: string };
type UserDraft = Optional & { external_id: string; name: string; verified: true; skip_verify_email: true };

function draftOf({ externalId, profile, fallbackName }: SoughtPerson): UserDraft {
  return {
    external_id: externalId,
    name: profile.name?.trim() || fallbackName,
    verified: true,
    // Without it the customer gets a mail from Zendesk.
    skip_verify_email: true,
    ...(profile.email && { email: profile.email }),
    ...(profile.phone && { phone: profile.phone }),
    ...(profile.pictureUrl && { remote_photo_url: profile.pictureUrl }),
    ...(profile.locale && { locale: profile.locale.replace('_', '-') }),
  };
}

/** Creates; when refused, looks whether somebody was faster, else tries once more without what Zendesk complained of. */
async function create(
  api: ZendeskApi,
  person: SoughtPerson,
  draft: UserDraft,
  meet: (user: WireUser & { id: string }, person: SoughtPerson) => Promise<PersonId>,
): Promise<Outcome<PersonId>> {
  return attempt<PersonId>(
    effect,
    async () => idOf((await api.post(userBody, ['users'], { user: draft })).user),
    async (refusal) => {
      if (refusal.status !== 422) return undefined;
      const fields = refusedFields(refusal.body);
      const other = await attempt(effect, () => search(api, person.externalId));
      if (other.result !== 'done') return other;
      if (other.value) return done(await meet(other.value, person));
      const smaller = without(draft, Object.keys(fields));
      if (smaller) return create(api, person, smaller, meet);
      // Taken, but not found yet: the search runs a little behind.
      const taken = fields['external_id']?.includes('DuplicateValue');
      return taken ? { result: 'later', why: 'Zendesk is still creating this user', after: seconds(5) } : undefined;
    },
  );
}

const optional = ['email', 'phone', 'locale', 'remote_photo_url'] as const;

/** The draft without the optional fields that were refused (all of them when none was named), or undefined if it has none. */
function without(draft: UserDraft, refused: string[]): UserDraft | undefined {
  const present = optional.filter((field) => draft[field] !== undefined);
  const named = present.filter((field) => refused.includes(field));
  if (refused.includes('external_id') || present.length === 0) return undefined;
  const smaller = { ...draft };
  for (const field of named.length > 0 ? named : present) delete smaller[field];
  return smaller;
}

const idOf = (user: WireUser): PersonId => String(user.id) as PersonId;

/** A set that forgets its oldest member beyond `most`. */
function makeBoundedSet<T>(most: number): Pick<Set<T>, 'has' | 'delete'> & { add(value: T): void } {
  const set = new Set<T>();
  return {
    has: (value) => set.has(value),
    delete: (value) => set.delete(value),
    add: (value) => {
      set.add(value);
      if (set.size > most) for (const oldest of set) return void set.delete(oldest);
    },
  };
}
