import { z } from 'zod';
import { mayRole } from '../../../domain/console-role.ts';
import { readableParts } from '../../../domain/readable-parts.ts';
import { letIn } from '../../../flows/blocked.ts';
import { replay } from '../../../flows/replay.ts';
import { audited } from '../../../store/audit.ts';
import { conversationById } from '../../../store/conversations.ts';
import type { Database } from '../../../store/database.ts';
import { findConversations } from '../../../store/search-conversations.ts';
import { type ThreadMessage, threadPage, webhookOfMessage } from '../../../store/thread.ts';
import type { ConversationHead, RawMessage, ThreadItem } from '../../wire/conversations.ts';
import { oneMore, pageOf, readCursor } from '../cursor.ts';
import { type Answer, type Endpoint, endpoint, fine, missing } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';
import { contactLines } from './contact-lines.ts';
import { journeyOf } from './journey.ts';
import { noCursor } from './list.ts';
import { channelOf, type Places, targetsOf, ticketLink, ticketUrl } from './places.ts';

const limit = 40;
const params = z.object({ id: z.coerce.number().int().positive().max(1e15) });

type Parts = Pick<ConsoleParts, 'db' | 'mapping' | 'operations'>;

export const threadEndpoints = ({ db, mapping: places, operations }: Parts): Endpoint[] => [
  endpoint({
    method: 'get',
    path: '/conversations/:id',
    may: 'conversations.read',
    params,
    handle: async ({ params: { id } }) => {
      const head = await headOf(db, places, id);
      return head ? fine(head) : missing('conversation');
    },
  }),
  endpoint({
    method: 'get',
    path: '/conversations/:id/messages',
    may: 'conversations.read',
    params,
    query: z.object({ cursor: z.string().max(300).optional() }),
    handle: async ({ params: { id }, query: { cursor }, person }) => {
      const place = cursor === undefined ? undefined : placeIn(cursor);
      if (cursor !== undefined && !place) return noCursor;
      const rows = await threadPage(db, id, oneMore(limit), place);
      const mayRead = mayRole(person.role, 'text.read');
      const show = (row: ThreadMessage) => itemOf(places, row, mayRead);
      return fine(pageOf(rows, limit, show, (row) => [row.place, row.id]));
    },
  }),
  endpoint({
    method: 'post',
    path: '/conversations/:id/replay',
    may: 'todo.write',
    params,
    body: z.strictObject({ resendUnsure: z.boolean().default(false), dryRun: z.boolean().default(false) }),
    handle: async ({ params: { id }, body, who }) =>
      answered(await replay(operations, { what: { conversation: id }, ...body, who }), 'conversation'),
  }),
  endpoint({
    method: 'post',
    path: '/conversations/:id/let-in',
    may: 'todo.write',
    params,
    handle: async ({ params: { id }, who }) =>
      (await letIn(db, id, who)) ? fine({}) : { status: 409, detail: 'nobody blocks this customer, or not any more' },
  }),
  endpoint({
    method: 'post',
    path: '/messages/:id/replay',
    may: 'todo.write',
    params,
    body: z.strictObject({ resendUnsure: z.boolean().default(false), dryRun: z.boolean().default(false) }),
    handle: async ({ params: { id }, body, who }) =>
      answered(await replay(operations, { what: { message: id }, ...body, who }), 'message'),
  }),
  endpoint({
    // It leaves a line in the audit, so it is no mere reading.
    method: 'post',
    path: '/messages/:id/raw',
    may: 'raw.read',
    params,
    handle: async ({ params: { id }, who }) => rawOf(db, id, who),
  }),
];

function placeIn(cursor: string): [string, number] | undefined {
  const [at, id] = readCursor(cursor, 2) ?? [];
  return typeof at === 'string' && !Number.isNaN(Date.parse(at)) && Number.isSafeInteger(id)
    ? [at, id as number]
    : undefined;
}

const answered = (report: unknown, what: string): Answer => (report ? fine(report) : missing(what));

async function headOf(db: Database, places: Places, id: number): Promise<ConversationHead | undefined> {
  const conversation = await conversationById(db, id);
  if (!conversation) return undefined;
  const { account, platformUser, customer, blocked } = conversation;
  const [found] = await findConversations(db, { id }, targetsOf(places), 1);
  const [identity, contacts, tickets] = await Promise.all([
    identityOf(db, account, platformUser),
    contactLines(db, places, customer.id),
    db.selectFrom('tickets').selectAll().where('conversation', '=', id).orderBy('id', 'desc').limit(50).execute(),
  ]);
  return {
    ...{ id, account, platformUser, identity, contacts, customer: customer.id },
    channel: channelOf(places, account),
    name: customer.profile.name ?? null,
    blocked: blocked ? { ...blocked, at: blocked.at.toISOString() } : null,
    latest: (found?.latest ?? new Date(0)).toISOString(),
    waiting: found?.waiting ?? 0,
    parked: found?.parked ?? 0,
    tickets: tickets.map(({ helpdesk, remote_id, state }) =>
      ticketLink(places, { helpdesk, remote: remote_id, state }),
    ),
  };
}

async function identityOf(db: Database, account: string, platformUser: string): Promise<ConversationHead['identity']> {
  const row = await db
    .selectFrom('identities')
    .select(['evidence', 'by_whom', 'created_at'])
    .where('account', '=', account)
    .where('platform_user', '=', platformUser)
    .executeTakeFirst();
  return row ? { evidence: row.evidence, by: row.by_whom, since: row.created_at.toISOString() } : null;
}

function itemOf(places: Places, row: ThreadMessage, mayRead: boolean): ThreadItem {
  const { id, kind, author, authorName, occurred_at, parts, late, redacted, recovered, mapping } = row;
  const url = row.helpdesk === null ? null : ticketUrl(places, row.helpdesk, row.ticket);
  return {
    ...{ id, kind, author, authorName, late, redacted, recovered, mapping },
    at: occurred_at.toISOString(),
    text: mayRead ? readableParts(parts) : null,
    parts: parts.map(({ type }) => type),
    ticket: row.ticket === null ? null : { number: row.ticket, url },
    journey: journeyOf(row),
  };
}

async function rawOf(db: Database, message: number, who: string): Promise<Answer> {
  const raw = await webhookOfMessage(db, message);
  if (!raw)
    return { status: 404, detail: 'no webhook of it is kept: it came some other way, or its webhook was tidied away' };
  await audited(db, { who, what: 'raw-seen', subject: `message ${message}` });
  const answer: RawMessage = {
    receivedAt: raw.received_at.toISOString(),
    source: raw.source,
    body: pretty(raw.body.toString('utf8')),
  };
  return fine(answer);
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
