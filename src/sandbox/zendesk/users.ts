import type { Request } from 'express';
import { type Answer, badRequest, created, forbidden, invalid, noContent, notFound, ok } from './answer.ts';
import { type Desk, type Fields, fieldsIn, type Handler, isFields, numberIn, type Route } from './desk.ts';
import { perMinute, useLimits } from './limits.ts';
import { refuseUserFields } from './named.ts';
import { text } from './paging.ts';
import { addUser, livingUser, livingUsers, nextId, now, type State, staff, type User, userOf } from './state.ts';
import { wireIdentity, wireUser } from './wire.ts';

export const userRoutes: Route[] = [
  ['get', '/users/me', (desk) => shown(desk, userOf(desk.state, staff.service))],
  ['get', '/users/search', (desk, request) => search(desk, text(request, 'external_id'), text(request, 'query'))],
  ['post', '/users/create_or_update', (desk, request) => createOrUpdate(desk, fieldsIn(request, 'user'))],
  ['post', '/users', (desk, request) => create(desk, fieldsIn(request, 'user'))],
  ['get', '/users/:id', withUser((desk, user) => shown(desk, user))],
  ['put', '/users/:id/merge', withUser((desk, user, request) => merge(desk, user, fieldsIn(request, 'user')))],
  ['put', '/users/:id', withUser((desk, user, request) => update(desk, user, fieldsIn(request, 'user')))],
  ['delete', '/users/:id', withUser((desk, user) => remove(desk, user))],
  ['delete', '/deleted_users/:id', removeForGood],
  ['delete', '/users/:id/identities/:identity', withUser(removeIdentity)],
  ['get', '/users/:id/identities', withUser((_desk, user) => identities(user))],
  [
    'post',
    '/users/:id/identities',
    withUser((desk, user, request) => addIdentity(desk, user, fieldsIn(request, 'identity'))),
  ],
];

function withUser(act: (desk: Desk, user: User, request: Parameters<Handler>[1]) => Answer): Handler {
  return (desk, request) => {
    const user = livingUser(desk.state, numberIn(request));
    return user ? act(desk, user, request) : notFound;
  };
}

const shown = (desk: Desk, user: User): Answer => ok({ user: wireUser(desk.url(), user) });

const string = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const same = (a: string | null, b: string | null): boolean => a !== null && a.toLowerCase() === b?.toLowerCase();

function search(desk: Desk, externalId: string | undefined, query: string | undefined): Answer {
  if (externalId === undefined && query === undefined)
    return badRequest('BadRequest', 'query or external_id is required');
  const users = livingUsers(desk.state).filter((user) =>
    externalId === undefined ? matches(user, query ?? '') : same(user.externalId, externalId),
  );
  return ok({ users: users.map((user) => wireUser(desk.url(), user)), count: users.length, next_page: null });
}

function matches(user: User, query: string): boolean {
  const [, field, value] = /^(email|phone|name):"?([^"]*)"?$/.exec(query) ?? [];
  if (field === 'email' || field === 'phone' || field === 'name') return same(user[field], value ?? null);
  return [user.name, user.email, user.phone].some((part) => part?.toLowerCase().includes(query.toLowerCase()));
}

function create(desk: Desk, fields: Fields | undefined): Answer {
  if (!fields) return badRequest('RecordInvalid', 'user is required');
  const refusal = refuse(desk.state, fields);
  if (refusal) return refusal;
  const user = addUser(desk.state, { name: string(fields['name'])!, role: 'end-user', ...columns(fields) });
  desk.changed();
  return created({ user: wireUser(desk.url(), user) });
}

function update(desk: Desk, user: User, fields: Fields | undefined): Answer {
  const limited = useLimits(desk.state, [
    perMinute(`user-update-${user.id}`, desk.limits.userUpdatesPerMinute),
    // One a second in all, and this much of it at once.
    perMinute('user-updates', 60),
  ]);
  if (limited) return limited;
  const refusal = refuse(desk.state, { name: user.name, ...fields }, user);
  if (refusal) return refusal;
  Object.assign(user, fields?.['name'] === undefined ? {} : { name: fields['name'] }, columns(fields ?? {}, user));
  user.updatedAt = now(desk.state);
  desk.changed();
  return shown(desk, user);
}

function createOrUpdate(desk: Desk, fields: Fields | undefined): Answer {
  const known = livingUsers(desk.state).find(
    ({ externalId, email }) =>
      same(externalId, string(fields?.['external_id'])) || same(email, string(fields?.['email'])),
  );
  return known ? update(desk, known, fields) : create(desk, fields);
}

const columnOf = {
  email: 'email',
  phone: 'phone',
  external_id: 'externalId',
  remote_photo_url: 'photoUrl',
  locale: 'locale',
};

/** The columns that are given, and emptied by null; those that are not keep their value. */
function columns(fields: Fields, before?: User): Partial<User> {
  const given = Object.entries(columnOf).filter(([name]) => string(fields[name]) !== null || fields[name] === null);
  const own = isFields(fields['user_fields']) ? { fields: { ...before?.fields, ...fields['user_fields'] } } : {};
  return { ...Object.fromEntries(given.map(([name, column]) => [column, fields[name]])), ...own };
}

const taken = (what: string): [string, string] => [`${what} is already being used by another user`, 'DuplicateValue'];

function refuse(state: State, fields: Fields, self?: User): Answer | undefined {
  const others = livingUsers(state).filter((user) => user !== self);
  const email = string(fields['email']);
  if (!string(fields['name'])?.trim())
    return invalid({ name: ['Name: is too short (minimum one character)', 'BlankValue'] });
  if (email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    return invalid({ email: [`Email: ${email} is not properly formatted`, 'InvalidFormat'] });
  }
  if (others.some((user) => user.identities.some(({ type, value }) => type === 'email' && same(value, email)))) {
    return invalid({ email: taken(`Email: ${email}`) });
  }
  if (others.some((user) => same(user.externalId, string(fields['external_id'])))) {
    return invalid({ external_id: taken('External') });
  }
  return refuseUserFields(state, fields['user_fields']);
}

/** Somebody with tickets that are not closed is kept. */
function remove(desk: Desk, user: User): Answer {
  const open = [...desk.state.tickets.values()].some(
    ({ requesterId, status }) => requesterId === user.id && status !== 'closed' && status !== 'deleted',
  );
  if (open) return invalid({ base: ['User: has tickets that are not closed', 'InvalidValue'] });
  user.gone = true;
  desk.changed();
  return shown(desk, user);
}

/** The first is merged into the second and is gone; its tickets and identities are the second's. End users only. */
function merge(desk: Desk, loser: User, fields: Fields | undefined): Answer {
  const winner = livingUser(desk.state, Number(fields?.['id']));
  if (!winner || winner === loser) return notFound;
  if ([loser, winner].some(({ role }) => role !== 'end-user')) return forbidden;
  for (const ticket of desk.state.tickets.values()) if (ticket.requesterId === loser.id) ticket.requesterId = winner.id;
  for (const identity of loser.identities)
    if (!winner.identities.some(({ type, value }) => type === identity.type && value === identity.value))
      winner.identities.push(identity);
  Object.assign(loser, { gone: true, identities: [] });
  desk.changed();
  return shown(desk, winner);
}

/** Nothing of theirs is left; what they wrote on tickets is by nobody. */
function removeForGood(desk: Desk, request: Request): Answer {
  const user = desk.state.users.get(numberIn(request));
  if (!user?.gone) return notFound;
  if (!desk.mayRedact) return forbidden;
  const nothing = { email: null, phone: null, externalId: null, photoUrl: null, identities: [], fields: {} };
  Object.assign(user, { name: 'Permanently deleted user', ...nothing });
  desk.changed();
  return shown(desk, user);
}

function removeIdentity(desk: Desk, user: User, request: Request): Answer {
  const id = Number(request.params['identity']);
  if (!user.identities.some((identity) => identity.id === id)) return notFound;
  user.identities = user.identities.filter((identity) => identity.id !== id);
  desk.changed();
  return noContent;
}

const identities = (user: User): Answer =>
  ok({ identities: user.identities.map((identity) => wireIdentity(user, identity)), count: user.identities.length });

const identityTypes = ['email', 'twitter', 'facebook', 'google', 'agent_forwarding', 'phone_number'];

function addIdentity(desk: Desk, user: User, fields: Fields | undefined): Answer {
  const type = string(fields?.['type']) ?? '';
  const value = string(fields?.['value']);
  if (!identityTypes.includes(type) || !value) return invalid({ type: ['Type: is not included in the list'] });
  const users = livingUsers(desk.state);
  if (users.some((other) => other.identities.some((each) => each.type === type && same(each.value, value)))) {
    return invalid({ value: taken(`Value: ${value}`) });
  }
  const identity = { id: nextId(desk.state), type, value };
  user.identities.push(identity);
  return created({ identity: wireIdentity(user, identity) });
}
