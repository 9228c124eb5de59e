import { sql } from 'kysely';
import type { InboundEvent } from '../domain/event.ts';
import type { Database, Queryable, Tx } from './database.ts';
import { erasedSince } from './erased-users.ts';
import { sharing } from './locks.ts';
import type { ArrivalOutcome } from './tables.ts';

export interface NewWebhook {
  id: number;
  /** `channel:` or `helpdesk:` and its kind. */
  source: string;
  account: string | null;
  body: Buffer;
}

export interface NewEvent {
  webhook: number;
  account: string;
  key: string;
  outcome: ArrivalOutcome;
  /** Null where nothing is left to do with it: it is kept as it is. */
  platformUser: string | null;
  event: { type: string; at: Date };
}

/** Hands out ids for webhooks from blocks of 1,000, so that most cost no round trip. */
export function makeWebhookIds(db: Database): () => Promise<number> {
  let next = 0;
  let end = 0;
  let fetching: Promise<void> | undefined;
  const fetchBlock = async () => {
    const { rows } = await sql<{ id: number }>`select nextval('webhook_ids') as id`.execute(db);
    next = rows[0]!.id;
    end = next + 1_000;
  };
  return async () => {
    while (next >= end) {
      fetching ??= fetchBlock().finally(() => {
        fetching = undefined;
      });
      await fetching;
    }
    return next++;
  };
}

/** Those without an event. */
export async function insertWebhooks(db: Queryable, webhooks: readonly NewWebhook[]): Promise<void> {
  await webhooksInsert(webhooks).execute(db);
}

const webhooksInsert = (webhooks: readonly NewWebhook[]) => sql`
  insert into webhooks (id, source, account, body)
  select * from unnest(
    ${webhooks.map((w) => w.id)}::bigint[], ${webhooks.map((w) => w.source)}::text[],
    ${webhooks.map((w) => w.account)}::text[], ${webhooks.map((w) => w.body)}::bytea[])`;

/**
 * Writes webhooks with their events, holding the events' conversations (`store/locks.ts`), in one statement, for the door
 * has no time for three. Returns what is new as `account key` pairs; what was there already, or twice in the list, is a
 * repeat.
 */
export async function insertArrivals(
  tx: Tx,
  webhooks: readonly NewWebhook[],
  events: readonly NewEvent[],
  conversations: Iterable<string>,
): Promise<Set<string>> {
  const column = <T>(of: (event: NewEvent) => T) => events.map(of);
  const { rows } = await sql<{ account: string; key: string }>`
    with hooks as (${webhooksInsert(webhooks)}), held as materialized (${sharing(conversations)})
    insert into events (webhook, account, key, type, outcome, platform_user, occurred_at, body, applied_at)
    select w, a, k, t, o, u, at, b, case when u is null then now() end from unnest(
      ${column((e) => e.webhook)}::bigint[], ${column((e) => e.account)}::text[], ${column((e) => e.key)}::text[],
      ${column((e) => e.event.type)}::text[], ${column((e) => e.outcome)}::text[],
      ${column((e) => e.platformUser)}::text[], ${column((e) => e.event.at)}::timestamptz[],
      ${column((e) => JSON.stringify(e.event))}::jsonb[]
    ) with ordinality as new (w, a, k, t, o, u, at, b, n), (select count(*) from held) as all_held
    order by n
    on conflict (account, key) do nothing
    returning account, key`.execute(tx);
  return new Set(rows.map((row) => `${row.account} ${row.key}`));
}

export interface WaitingEvent {
  id: number;
  receivedAt: Date;
  event: InboundEvent;
  /** It happened before its platform user was forgotten. */
  erased: boolean;
}

/** Events of one platform user that are not applied yet, by the platform's time and then by arrival. */
export async function waitingEvents(
  db: Queryable,
  account: string,
  platformUser: string,
  limit = 1_000,
): Promise<WaitingEvent[]> {
  const rows = await db
    .selectFrom('events')
    .select(['id', 'body', 'received_at', 'occurred_at'])
    .select(erasedSince(account, platformUser).as('erased_at'))
    .where('account', '=', account)
    .where('platform_user', '=', platformUser)
    .where('applied_at', 'is', null)
    .orderBy('occurred_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    receivedAt: row.received_at,
    event: withDates(row.body),
    erased: row.erased_at !== null && row.occurred_at <= row.erased_at,
  }));
}

/** Whether something that the platform told of its user is not applied yet; with `type`, something of that type. */
export async function eventsWait(
  db: Queryable,
  account: string,
  platformUser: string,
  type?: InboundEvent['type'],
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from events where account = ${account} and platform_user = ${platformUser} and applied_at is null
      ${type === undefined ? sql`` : sql`and type = ${type}`} limit 1`.execute(db);
  return rows.length > 0;
}

/** What a platform tells once more of somebody who was forgotten since: neither event nor raw body is kept. */
export async function dropEvents(tx: Tx, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`with gone as (delete from events where id = any(${[...ids]}::bigint[]) returning webhook)
    update webhooks set body = '' where id in (select webhook from gone)`.execute(tx);
}

export async function markApplied(tx: Tx, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('events')
    .set({ applied_at: new Date() })
    .where('id', 'in', [...ids])
    .execute();
}

/** Conversations with events that wait longer than `ms`, for which no job may be left. */
export async function forgottenConversations(db: Queryable, ms: number): Promise<string[]> {
  const { rows } = await sql<{ account: string; platform_user: string }>`
    select distinct account, platform_user from events
    where applied_at is null and received_at < now() - ${ms} * interval '1 millisecond' limit 1000`.execute(db);
  return rows.map((row) => `${row.account}|${row.platform_user}`);
}

/** When the last event of an account came. */
export async function lastReceived(db: Queryable, account: string): Promise<Date | undefined> {
  const row = await db
    .selectFrom('events')
    .select(({ fn }) => fn.max('received_at').as('last'))
    .where('account', '=', account)
    .executeTakeFirst();
  return row?.last ?? undefined;
}

/** JSON made the dates strings. */
function withDates(body: unknown): InboundEvent {
  const event = body as InboundEvent & { at: string; upTo?: string };
  const upTo = event.type === 'receipt' && event.upTo ? { upTo: new Date(event.upTo) } : {};
  const token = 'answerToken' in event ? event.answerToken : undefined;
  const answerToken = token ? { answerToken: { ...token, until: new Date(token.until) } } : {};
  return { ...event, at: new Date(event.at), ...upTo, ...answerToken } as InboundEvent;
}
