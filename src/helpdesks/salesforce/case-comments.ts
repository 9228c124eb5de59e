import { z } from 'zod';
import type { TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import { type Connection, query } from '../../salesforce/connection.ts';
import { soqlText } from '../../salesforce/soql.ts';
import type { AgentFile } from '../called.ts';
import { type FileVersion, filesOfCase } from './case-files.ts';
import { beyond, type CommentSource, type Entry } from './comment-source.ts';

const row = z.object({
  Id: z.string(),
  CommentBody: z.string().nullish(),
  IsPublished: z.boolean(),
  CreatedById: z.string(),
  CreatedDate: z.string(),
  SystemModstamp: z.string(),
});

/** CaseComments. They carry no files: a line `/file name` in a public one sends the file of that name that is on the Case. */
export function caseComments(connection: Connection): CommentSource {
  return {
    page: (ticket, most, last) => page(connection, ticket, most, last),
    files: (ticket, entries) => namedFiles(connection, ticket, entries),
    words: ({ text }) => text.replace(fileLine, '').trim(),
  };
}

async function page(connection: Connection, ticket: TicketId, most: number, last?: Entry): Promise<Outcome<Entry[]>> {
  const id = soqlText(ticket);
  if (!id) return done([]);
  const soql =
    'SELECT Id, CommentBody, IsPublished, CreatedById, CreatedDate, SystemModstamp FROM CaseComment ' +
    `WHERE ParentId = ${id}${beyond(last)} ORDER BY SystemModstamp DESC, Id DESC LIMIT ${most}`;
  const rows = await query(connection, soql, row);
  return rows.result === 'done' ? done(rows.value.map(entryOf)) : rows;
}

const entryOf = (given: z.infer<typeof row>): Entry => ({
  id: given.Id,
  author: given.CreatedById,
  public: given.IsPublished,
  text: given.CommentBody ?? '',
  createdAt: new Date(given.CreatedDate),
  changedAt: new Date(given.SystemModstamp),
});

const fileLine = /^[ \t]*\/file[ \t]+(\S.*?)[ \t]*$/gim;

/** The names of files that a comment asks to be sent. */
const namesIn = ({ text }: Entry): string[] => [...text.matchAll(fileLine)].map(([, name = '']) => name);

async function namedFiles(
  connection: Connection,
  ticket: TicketId,
  entries: readonly Entry[],
): Promise<Outcome<ReadonlyMap<string, AgentFile[]>>> {
  const asking = entries.filter((entry) => namesIn(entry).length > 0);
  if (asking.length === 0) return done(new Map());
  const there = await filesOfCase(connection, ticket);
  if (there.result !== 'done') return there;
  return done(new Map(asking.map((entry) => [entry.id, namesIn(entry).map((name) => fileNamed(there.value, name))])));
}

/** One that is not there has no address: fetching it says so, and the agent is told. */
const fileNamed = (files: readonly FileVersion[], name: string): AgentFile =>
  files.find((file) => isCalled(file, name))?.file ?? {
    name,
    contentType: 'application/octet-stream',
    bytes: 0,
    url: '',
  };

const isCalled = ({ title, file }: FileVersion, name: string): boolean =>
  [title, file.name].some((each) => each.toLowerCase() === name.toLowerCase());
