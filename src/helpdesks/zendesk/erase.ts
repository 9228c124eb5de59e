import type { CommentId, PersonId, TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { ErasingWay } from '../helpdesk.ts';
import type { ZendeskApi } from './api.ts';
import type { Refusal } from './failure.ts';
import { attempt } from './outcome.ts';
import { pagesOf } from './pages.ts';
import { redactComment } from './redact-comment.ts';
import { anyBody, commentsBody, identitiesBody, userBody } from './wire.ts';

const erasedName = 'Erased customer';

/** Asked again it does no harm: what is gone is gone. */
const gone = async ({ status }: Refusal): Promise<Outcome<void> | undefined> =>
  status === 404 ? done(undefined) : status === 403 ? mayNot : undefined;

const mayNot: Outcome<void> = {
  result: 'never',
  why: 'Zendesk does not let this user delete: give it a role that may delete tickets and end users for good (an administrator may), then ask again; or do it there by hand',
  code: '403',
};

/**
 * Takes a ticket away. `delete`: for good, at once (Tickets API, "Delete Ticket" and "Delete Ticket Permanently": the second
 * waits for the first). `redact`: every word and file of its comments goes, and its subject; the ticket stays.
 */
export function eraseTicket(api: ZendeskApi, ticket: TicketId, how: ErasingWay): Promise<Outcome<void>> {
  return how === 'delete' ? deleteTwice(api, 'tickets', 'deleted_tickets', ticket) : redactTicket(api, ticket);
}

async function deleteTwice(
  api: ZendeskApi,
  living: 'tickets' | 'users',
  deleted: 'deleted_tickets' | 'deleted_users',
  id: string,
): Promise<Outcome<void>> {
  const first = await attempt<void>(
    'repeatable',
    () => api.delete([living, id]),
    async (refusal) => (refusal.status === 422 ? keeps(living) : gone(refusal)),
  );
  if (first.result !== 'done') return first;
  return attempt<void>('repeatable', () => api.delete([deleted, id]), gone);
}

/** Users API, "Delete User": not one who has tickets that are not closed. */
const keeps = (what: string): Outcome<void> => ({
  result: 'never',
  why: `Zendesk keeps ${what} that others hang on: a user with tickets that are not closed. Close or delete these, then ask again`,
  code: '422',
});

async function redactTicket(api: ZendeskApi, ticket: TicketId): Promise<Outcome<void>> {
  const comments = await commentsOn(api, ticket);
  if (comments.result !== 'done') return comments;
  for (const comment of comments.value) {
    const redacted = await redactComment(api, ticket, comment, 'all');
    if (redacted.result !== 'done') return redacted;
  }
  const subject = { ticket: { subject: erasedName, external_id: '' } };
  return attempt<void>(
    'repeatable',
    async () => void (await api.put(anyBody, ['tickets', ticket], subject)),
    async ({ status }) => (status === 404 ? done(undefined) : status === 422 ? subjectStays : undefined),
  );
}

const subjectStays: Outcome<void> = {
  result: 'never',
  why: 'the ticket is closed, so that its subject and fields cannot be changed: delete it there by hand, or set privacy.helpdesk to delete and ask again',
  code: '422',
};

const commentsOn = (api: ZendeskApi, ticket: TicketId): Promise<Outcome<CommentId[]>> =>
  attempt<CommentId[]>(
    'repeatable',
    async () => {
      const ids: CommentId[] = [];
      for await (const { comments } of pagesOf(api, commentsBody, ['tickets', ticket, 'comments']))
        ids.push(...comments.map(({ id }) => id as CommentId));
      return ids;
    },
    async ({ status }) => (status === 404 ? done([]) : undefined),
  );

/**
 * Takes a user away. `redact` empties it: name, photo, details, every address, our key. `release` only takes our key off
 * somebody who was there before.
 */
export async function erasePerson(
  api: ZendeskApi,
  person: PersonId,
  externalId: string,
  how: ErasingWay | 'release',
): Promise<Outcome<void>> {
  if (how === 'delete') return deleteTwice(api, 'users', 'deleted_users', person);
  const shown = await attempt<string | null>(
    'repeatable',
    async () => (await api.get(userBody, ['users', person])).user.external_id ?? null,
    async ({ status }) => (status === 404 ? done(null) : undefined),
  );
  if (shown.result !== 'done') return shown;
  if (how === 'release' && shown.value?.toLowerCase() !== externalId.toLowerCase()) return done(undefined);
  const user = how === 'release' ? { external_id: null } : emptied;
  const put = await attempt<void>(
    'repeatable',
    async () => void (await api.put(anyBody, ['users', person], { user })),
    gone,
  );
  return put.result === 'done' && how === 'redact' ? removeIdentities(api, person) : put;
}

const emptied = {
  name: erasedName,
  external_id: null,
  email: null,
  phone: null,
  remote_photo_url: null,
  details: '',
  notes: '',
};

async function removeIdentities(api: ZendeskApi, person: PersonId): Promise<Outcome<void>> {
  const found = await attempt<string[]>(
    'repeatable',
    async () => (await api.get(identitiesBody, ['users', person, 'identities'])).identities.map(({ id }) => id),
    async ({ status }) => (status === 404 ? done([]) : undefined),
  );
  if (found.result !== 'done') return found;
  for (const id of found.value) {
    const removed = await attempt<void>('repeatable', () => api.delete(['users', person, 'identities', id]), gone);
    if (removed.result !== 'done') return removed;
  }
  return done(undefined);
}
