import { hours, minutes } from '../../domain/duration.ts';
import type { PersonId } from '../../domain/ids.ts';
import type { Tools } from '../../kit/tools.ts';
import type { ZendeskApi } from './api.ts';
import { ZendeskFailure } from './failure.ts';
import { attempt } from './outcome.ts';
import { userBody, type WireUser } from './wire.ts';

/** Who the users that comment are. */
export interface Authors {
  /** The user this service logs in as; undefined when Zendesk will not say. */
  own(): Promise<PersonId | undefined>;
  /** Staff, as far as the users given beside the comments or the API tell. Throws a ZendeskFailure when it cannot be asked. */
  isStaff(author: string, beside: ReadonlyMap<string, WireUser>): Promise<boolean>;
}

export function makeAuthors(api: ZendeskApi, { clock, log }: Pick<Tools, 'clock' | 'log'>): Authors {
  const now = () => clock.now().getTime();
  const roles = new Map<string, { staff: boolean; until: number }>();
  let own: { id: PersonId | undefined; until: number } | undefined;

  const askOwn = async () => {
    const me = await attempt('repeatable', () => api.get(userBody, ['users', 'me']));
    const id = me.result === 'done' ? (me.value.user.id ?? undefined) : undefined;
    if (!id) log.warn('zendesk.own-user-unknown', { result: me.result });
    // Unknown is asked again soon: until then only the ids of what was written keep our comments from coming back.
    own = { id: id as PersonId | undefined, until: now() + (id ? hours(24) : minutes(1)) };
    return own;
  };

  const askRole = async (author: string): Promise<boolean> => {
    const user = await shown(api, author);
    if (roles.size > 5_000) roles.clear();
    roles.set(author, { staff: isStaffRole(user?.role), until: now() + hours(1) });
    return isStaffRole(user?.role);
  };

  return {
    own: async () => (own && now() < own.until ? own : await askOwn()).id,
    isStaff: async (author, beside) => {
      const role = beside.get(author)?.role;
      if (role) return isStaffRole(role);
      const known = roles.get(author);
      return known && now() < known.until ? known.staff : askRole(author);
    },
  };
}

/** Every role but the end user's: custom roles of staff are `agent` as well. */
const isStaffRole = (role: string | null | undefined): boolean => role === 'agent' || role === 'admin';

/** Undefined for a user that is no more, or never was (Zendesk's own -1). */
async function shown(api: ZendeskApi, id: string): Promise<WireUser | undefined> {
  try {
    return (await api.get(userBody, ['users', id])).user;
  } catch (error) {
    if (error instanceof ZendeskFailure && error.failure.kind === 'refused' && error.failure.status === 404)
      return undefined;
    throw error;
  }
}
