import type { PersonId } from '../../domain/ids.ts';
import type { Tools } from '../../kit/tools.ts';
import type { CommentDraft, HelpdeskSession } from '../helpdesk.ts';
import type { ZendeskAccount } from './account.ts';
import { addComment } from './add-comment.ts';
import { makeApi, type ZendeskApi } from './api.ts';
import { makeAuthors } from './authors.ts';
import { makeCallBudget } from './call-budget.ts';
import { changedTickets } from './changes.ts';
import { describe } from './describe.ts';
import { erasePerson, eraseTicket } from './erase.ts';
import { fetchFile } from './fetch-file.ts';
import { findComment } from './find-comment.ts';
import { adoptPerson, findPeople } from './find-people.ts';
import { withFramework } from './framework/session.ts';
import { checkHealth } from './health.ts';
import { makeNames } from './names.ts';
import { attempt } from './outcome.ts';
import { makePeople } from './people.ts';
import { place } from './place.ts';
import { readComments } from './read-comments.ts';
import { redactComment } from './redact-comment.ts';
import { zendeskSetup } from './setup/setup.ts';
import { makeSigns } from './signs.ts';
import { checkSubscription } from './subscription.ts';
import { createTicket, findTickets, showTicket } from './tickets.ts';
import { makeAuthorization } from './token.ts';
import { upload } from './uploads.ts';
import { anyBody } from './wire.ts';

export interface Timeouts {
  /** For a call, in milliseconds. */
  callMs?: number;
  /** For a file, up or down, in milliseconds. */
  fileMs?: number;
}

/** One connected Zendesk: its token, its users met so far. */
export function connectZendesk(account: ZendeskAccount, tools: Tools, timeouts: Timeouts = {}): HelpdeskSession {
  const { callMs = 15_000, fileMs = 120_000 } = timeouts;
  const auth = makeAuthorization(account, tools, callMs);
  const budget = makeCallBudget(account, tools.budgets);
  const api = makeApi(account, auth, tools, budget, callMs);
  const people = makePeople(api, tools.log);
  const names = makeNames(api, tools.clock);
  const authors = makeAuthors(api, tools);
  const signs = makeSigns(api, account.id, tools.clock, budget);
  const shownWith = (comment: CommentDraft) => ({
    answerUntilField: account.answerUntilField,
    signs: signs.fieldsOf(comment.signs),
  });
  const fetching = { origin: new URL(account.url).origin, auth, tools, timeoutMs: fileMs };
  const plain: HelpdeskSession = {
    actsWithin: account.actsWithin,
    ensurePerson: (person, known, refused) => people.ensure(person, known, refused),
    findPeople: (externalId, searches) => findPeople(api, externalId, searches),
    adoptPerson: (person, externalId) => adoptPerson(api, person, externalId),
    personUrl: (id) => `${account.url}/agent/users/${id}`,
    takeTurn: (what) => attempt('repeatable', () => budget.turn(what === 'comment' ? 'ticket-update' : 'other')),
    place: (placement) => place(names, placement),
    describe: () => describe(api),
    setPersonFields: (person, fields) => attempt('repeatable', () => setUserFields(api, person, fields)),
    createTicket: (draft) => createTicket(api, people, names, draft, shownWith(draft.comment)),
    findTickets: (externalId) => findTickets(api, externalId),
    showTicket: (id) => showTicket(api, id),
    addComment: (ticket, comment, also) => addComment(api, people, { ticket, ...also }, comment, shownWith(comment)),
    readySigns: () => signs.ready(),
    showSigns: (ticket, told) => signs.show(ticket, told),
    findComment: (ticket, marker) => findComment(api, ticket, marker),
    redactComment: (ticket, comment, what) => redactComment(api, ticket, comment, what),
    eraseTicket: (ticket, how) => eraseTicket(api, ticket, how),
    erasePerson: (person, externalId, how) => erasePerson(api, person, externalId, how),
    upload: (file) => upload(api, file, fileMs),
    readComments: (ticket, after, written) => readComments(api, authors, ticket, after, written),
    fetchFile: (file, maxBytes) => fetchFile(file, maxBytes, fetching),
    changedTickets: (cursor) => changedTickets(api, tools.clock, cursor),
    ticketUrl: (id) => `${account.url}/agent/tickets/${id}`,
    checkHealth: () => checkHealth(api, account),
    setup: (wish) => zendeskSetup(api, account, wish),
    checkSubscription: () => checkSubscription(api, account.id),
  };
  if (account.mode === 'tickets') return plain;
  const apiWith = (login: typeof auth) => makeApi(account, login, tools, budget, callMs);
  return withFramework(plain, { account, tools, api, people, names, shownWith, apiWith });
}

async function setUserFields(api: ZendeskApi, person: PersonId, fields: Record<string, unknown>): Promise<void> {
  await api.put(anyBody, ['users', person], { user: { user_fields: fields } });
}
