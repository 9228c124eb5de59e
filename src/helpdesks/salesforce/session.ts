import { done } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import { openConnection } from '../../salesforce/connection.ts';
import type { HelpdeskSession, ListenOptions } from '../helpdesk.ts';
import { fieldOrNone, type SalesforceDesk } from './account.ts';
import { addComment, findComment } from './add-comment.ts';
import { makeAuthors } from './authors.ts';
import { fetchVersion, uploadFile } from './case-files.ts';
import { findCases, nameContact, showCase } from './cases.ts';
import { changedCases } from './changes.ts';
import { createCase } from './create-case.ts';
import { eraseCase } from './erase-case.ts';
import { checkHealth } from './health.ts';
import { checkEvent, listenForCases } from './listen.ts';
import { makePeople } from './people.ts';
import { makePlacer } from './place.ts';
import { readComments, sourceOf } from './read-comments.ts';
import { redactComment } from './redact-comment.ts';

/** One connected org. `timeoutMs` is how long one request may take. */
export function connectSalesforceDesk(desk: SalesforceDesk, tools: Tools, timeoutMs?: number): HelpdeskSession {
  const connection = openConnection(desk, tools, timeoutMs);
  const people = makePeople(desk, connection, tools.clock);
  const authors = makeAuthors(connection, tools.clock);
  const placer = makePlacer(connection, tools.clock);
  const source = sourceOf(desk, connection);
  const event = fieldOrNone(desk.event);
  return {
    actsWithin: desk.actsWithin,
    ensurePerson: (person, known, refused) => people.ensure(person, known, refused),
    // Salesforce counts calls a day, not a minute; what is left to others of those is seen at each call.
    takeTurn: async () => done(undefined),
    place: placer.place,
    describe: placer.describe,
    createTicket: (draft) => createCase(desk, connection, people, placer, draft),
    nameRequester: (ticket, person, wrong) =>
      nameContact(desk, connection, ticket, person && people.contactOf(person), wrong),
    findTickets: (externalId) => findCases(desk, connection, externalId),
    showTicket: (id) => showCase(desk, connection, id),
    addComment: (ticket, comment, also) => addComment(desk, connection, ticket, comment, also),
    findComment: (ticket, marker) => findComment(desk, connection, ticket, marker),
    redactComment: (ticket, comment, what, written) =>
      redactComment(desk, connection, source, { ticket, comment, what, written }),
    eraseTicket: (ticket, how) => eraseCase(connection, ticket, how),
    upload: (file) => uploadFile(connection, file),
    readComments: (ticket, after, written) => readComments(source, authors, ticket, after, written),
    fetchFile: (file, maxBytes) => fetchVersion(connection, file, maxBytes),
    changedTickets: (cursor) => changedCases(desk, connection, authors, tools.clock, cursor),
    ...(event && {
      listen: (options: ListenOptions) => listenForCases(desk, event, connection, authors, tools.http, options),
    }),
    checkSubscription: () => checkEvent(desk, event, connection),
    ticketUrl: (id) => `${connection.siteUrl()}/${encodeURIComponent(id)}`,
    checkHealth: () => checkHealth(desk, connection),
  };
}
