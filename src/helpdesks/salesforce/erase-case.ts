import { z } from 'zod';
import type { TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import { type Connection, query } from '../../salesforce/connection.ts';
import { hasCode, troubleOf } from '../../salesforce/outcome.ts';
import type { ErasingWay } from '../helpdesk.ts';
import { deleteDocuments, documentsOn } from './case-files.ts';

/**
 * Deletes a Case, which takes its comments and feed along, and before that its files, which Salesforce would keep. Emptying them one
 * by one is not offered: feeds keep what was said.
 */
export async function eraseCase(connection: Connection, ticket: TicketId, how: ErasingWay): Promise<Outcome<void>> {
  if (how === 'redact') return onlyWhole;
  const files = await filesOfNobodyElse(connection, ticket);
  if (files.result !== 'done') return files;
  const deleted = await deleteDocuments(connection, files.value);
  if (deleted.result !== 'done') return deleted;
  const reply = await connection.ask({ method: 'DELETE', path: `/sobjects/Case/${encodeURIComponent(ticket)}` });
  const isGone = hasCode(reply, 'ENTITY_IS_DELETED', 'NOT_FOUND', 'MALFORMED_ID');
  return reply.result === 'done' || isGone ? done(undefined) : troubleOf(reply, true);
}

const linkRow = z.object({ ContentDocumentId: z.string(), LinkedEntityId: z.string() });

/** Ids of users begin so (Standard Field Types, ID: key prefixes): whoever uploaded a file is linked with it, too. */
const isUser = (id: string): boolean => id.startsWith('005');

/** A file of the company's that an agent also put on other records is left. */
async function filesOfNobodyElse(connection: Connection, ticket: TicketId): Promise<Outcome<string[]>> {
  const documents = await documentsOn(connection, ticket);
  if (documents.result !== 'done' || documents.value.length === 0) return documents;
  const soql = `SELECT ContentDocumentId, LinkedEntityId FROM ContentDocumentLink WHERE ContentDocumentId IN (${documents.value.join(', ')})`;
  const links = await query(connection, soql, linkRow);
  if (links.result !== 'done') return links;
  const elsewhere = links.value.filter(
    ({ LinkedEntityId: id }) => !isUser(id) && id.slice(0, 15) !== ticket.slice(0, 15),
  );
  const shared = new Set(elsewhere.map(({ ContentDocumentId }) => ContentDocumentId));
  const all = links.value.map(({ ContentDocumentId }) => ContentDocumentId);
  return done([...new Set(all)].filter((id) => !shared.has(id)));
}

const onlyWhole: Outcome<void> = {
  result: 'never',
  why: 'a Case cannot keep its comments without their words: set privacy.helpdesk to delete and ask again, or remove it by hand',
};
