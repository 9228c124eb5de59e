import { sql } from 'kysely';
import type { TicketId } from '../domain/ids.ts';
import { removedParts, removedText } from '../domain/removed.ts';
import type { Queryable, Tx } from './database.ts';

/** Whose messages they are. */
export interface Whose {
  account: string;
  conversation: number;
}

/** Something of a conversation that holds words or files: a message, or what was made of one. */
export interface Removable {
  id: number;
  kind: string;
  ticket: number | null;
  platform_id: string | null;
  redacted_at: Date | null;
}

/**
 * The messages and all that was made of them: files that followed, notes that quote them because they were edited, withdrawn
 * or reacted to (`quotes`: their first words, for notes whose event is gone), notes on a reply's fate.
 */
export async function kinOf(
  tx: Queryable,
  { account, conversation }: Whose,
  ids: readonly number[],
  quotes: readonly string[],
): Promise<Removable[]> {
  const { rows } = await sql<Removable>`
    with own as (
      select m.id, m.platform_id from messages m where m.conversation = ${conversation} and m.id = any(${[...ids]}::bigint[])),
    named as (
      select platform_id from own where platform_id is not null union
      select p.platform_id from reply_parts p join own on own.id = p.message where p.platform_id is not null)
    select m.id, m.kind, m.ticket, m.platform_id, m.redacted_at from messages m left join events e
      on m.kind = 'note' and e.account = ${account} and e.key = m.platform_id
    where m.conversation = ${conversation} and (m.id in (select id from own)
      or (m.kind = 'file' and (m.detail->'fileOf'->>'message')::bigint in (select id from own))
      or (m.kind = 'note' and (
        e.body->>'of' in (select platform_id from named)
        or substring(m.platform_id from '^note:(?:failed|held|arrived|discarded):(\d+)(?::\d+)?$')::bigint in (select id from own)
        or substring(m.platform_id from '^note:unsure:(\d+)(?::\d+)?$')::bigint
          in (select p.id from reply_parts p join own on own.id = p.message)
        or (e.id is null and m.platform_id ~ '^(edit|unsend|reaction):' and exists (
          select 1 from unnest(${[...quotes]}::text[]) q where position('“' || q || '”' in m.parts->0->>'text') > 0)))))
    order by m.id`.execute(tx);
  return rows;
}

/** Messages that their customer withdrew, as far as they were not removed yet. */
export async function withdrawnIn(db: Queryable, { account, conversation }: Whose): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select m.id from messages n
      join events e on e.account = ${account} and e.key = n.platform_id
      join messages m on m.conversation = n.conversation and m.platform_id = e.body->>'of'
    where n.conversation = ${conversation} and n.kind = 'note' and n.platform_id like 'unsend:%'
      and m.author = 'customer' and m.kind = 'said' and m.redacted_at is null`.execute(db);
  return rows.map(({ id }) => id);
}

/** Ids of what was said in a conversation, by whomever. */
export async function saidIn(db: Queryable, conversation: number): Promise<number[]> {
  const rows = await db
    .selectFrom('messages')
    .select('id')
    .where('conversation', '=', conversation)
    .where('kind', '=', 'said')
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Takes the words out of the messages and of a reply's bubbles. A bubble that has not left stays here for good. */
export async function blankMessages(tx: Tx, ids: readonly number[]): Promise<void> {
  const which = [...ids];
  // Of a note the rest may stay: only an edit is told with all of its words.
  await sql`update messages set redacted_at = now(), parts = case
      when kind = 'note' and platform_id not like 'edit:%' and jsonb_array_length(parts) = 1 then jsonb_set(parts, '{0,text}',
        to_jsonb(regexp_replace(parts->0->>'text', '“.*”', ${`“${removedText}”`})))
      else ${JSON.stringify(removedParts)}::jsonb end
    where id = any(${which}::bigint[])`.execute(tx);
  const body = JSON.stringify({ type: 'text', text: removedText });
  await sql`update reply_parts set body = ${body}::jsonb,
      state = case state when 'waiting' then 'failed' when 'sending' then 'unsure' else state end,
      reason = case when state in ('waiting', 'sending') then 'it was removed before it was known to be sent' end
    where message = any(${which}::bigint[])`.execute(tx);
}

/**
 * Copies of files are left to the sweep of the vault, which deletes what has a key and no life left; files still to be
 * copied are given up. Links lent for the messages end now. Returns how many files.
 */
export async function removeFiles(tx: Tx, ids: readonly number[]): Promise<number> {
  const which = [...ids];
  const { rows } = await sql`update media set name = 'removed', warning = null, ended_at = now(),
      state = case state when 'stored' then 'expired' when 'waiting' then 'failed' else state end,
      reason = case when state in ('waiting', 'failed') then 'it was removed' end,
      code = case when state in ('waiting', 'failed') then 'removed' end
    where message = any(${which}::bigint[]) returning message`.execute(tx);
  const lent = await sql`update published_files set name = 'removed', expires_at = now() - interval '1 day'
    where message = any(${which}::bigint[]) returning id`.execute(tx);
  return rows.length + lent.rows.length;
}

/** Keys of the events that told these messages, as the door made them. */
export async function keysOf(tx: Queryable, ids: readonly number[]): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    select t || m.platform_id as key from messages m
      cross join unnest(array['message:', 'postback:', 'echo:', 'missed:']) t
      where m.id = any(${[...ids]}::bigint[]) and m.kind = 'said' and m.platform_id is not null
    union select m.platform_id from messages m
      where m.id = any(${[...ids]}::bigint[]) and m.kind = 'note' and m.platform_id is not null
    union select 'echo:' || p.platform_id from reply_parts p
      where p.message = any(${[...ids]}::bigint[]) and p.platform_id is not null`.execute(tx);
  return rows.map(({ key }) => key);
}

/** Of the events only what makes a second one a repeat is left. Returns the webhooks that told them. */
export async function blankEvents(tx: Tx, account: string, keys: readonly string[]): Promise<number[]> {
  const { rows } = await sql<{ webhook: number }>`
    update events set body = jsonb_strip_nulls(jsonb_build_object('type', body->'type', 'to', body->'to', 'id', body->'id',
      'at', body->'at', 'from', body->'from', 'user', body->'user', 'of', body->'of', 'parts', '[]'::jsonb))
    where account = ${account} and key = any(${[...keys]}::text[]) returning webhook`.execute(tx);
  return [...new Set(rows.map(({ webhook }) => webhook))];
}

/** Empties raw bodies. What else such a webhook told is in its events. */
export async function blankWebhooks(tx: Queryable, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`update webhooks set body = '' where id = any(${[...ids]}::bigint[])`.execute(tx);
}

/** The smallest id of the webhooks that told these events, while they are kept. */
export async function firstWebhookOf(
  db: Queryable,
  account: string,
  keys: readonly string[],
): Promise<number | undefined> {
  const row = await db
    .selectFrom('events')
    .select(({ fn }) => fn.min('webhook').as('first'))
    .where('account', '=', account)
    .where('key', 'in', [...keys, ''])
    .executeTakeFirst();
  return row?.first ?? undefined;
}

/** What the platform calls these messages. */
export async function namesOf(db: Queryable, ids: readonly number[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select platform_id as name from messages where id = any(${[...ids]}::bigint[]) and kind = 'said' and platform_id is not null
    union select platform_id from reply_parts where message = any(${[...ids]}::bigint[]) and platform_id is not null`.execute(
    db,
  );
  return rows.map(({ name }) => name);
}

/** All the names of a platform user. */
export async function userNamesOf(db: Queryable, account: string, platformUser: string): Promise<string[]> {
  const rows = await db
    .selectFrom('aliases')
    .select('value')
    .where('account', '=', account)
    .where('platform_user', '=', platformUser)
    .execute();
  return [platformUser, ...rows.map(({ value }) => value)];
}

/** How many webhooks are looked through at a time. */
const batch = 2_000;

/** Ids are handed out in blocks of 1,000 to each process, so a later webhook may have a smaller one. */
const idsBack = 20_000;

/**
 * Empties the raw bodies of repeats as well: those of the account from `first` on in which one of the names stands. One
 * that could not be read is left: it may hold what nothing else holds.
 */
export async function blankRepeats(
  db: Queryable,
  account: string,
  names: readonly string[],
  first: number,
): Promise<number> {
  let [after, blanked] = [Math.max(0, first - idsBack), 0];
  for (;;) {
    const { rows } = await sql<{ last: number | null; blanked: number }>`
      with page as (select id, source, account, body from webhooks where id > ${after} order by id limit ${batch}),
      hit as (update webhooks w set body = '' from page s
        where w.id = s.id and (s.account = ${account} or s.account is null) and length(s.body) > 0
          and exists (select 1 from unnest(${[...names]}::text[]) n where position(convert_to(n, 'UTF8') in s.body) > 0)
          and not exists (select 1 from events e
            where e.account = coalesce(s.account, '?' || split_part(s.source, ':', 2) || ':')
              and e.key = 'unread:' || encode(sha256(s.body), 'hex'))
        returning w.id)
      select (select max(id) from page)::float8 as last, (select count(*) from hit)::int as blanked`.execute(db);
    blanked += rows[0]?.blanked ?? 0;
    const last = rows[0]?.last;
    if (last === null || last === undefined) return blanked;
    after = Number(last);
  }
}

/** A comment on a ticket that holds words of these messages. */
export interface HoldingComment {
  id: number;
  state: 'done' | 'dropped';
  remoteId: string | null;
  marker: string;
  messages: number[];
  request: unknown;
  ticket: TicketId | null;
  helpdesk: string;
  /** It was begun after the messages were emptied here. */
  since: boolean;
  startedAt: Date;
}

/** Comments of ours whose fate is known. What was taken out of one already is told by its text. */
export async function commentsHolding(
  db: Queryable,
  conversation: number,
  ids: readonly number[],
): Promise<HoldingComment[]> {
  const { rows } = await sql<HoldingComment>`
    select c.id, c.state, c.remote_id as "remoteId", c.marker, c.messages, c.request, t.remote_id as ticket, t.helpdesk,
      c.started_at as "startedAt", c.started_at > (select min(redacted_at) from messages where id = any(${[...ids]}::bigint[])) as since
    from comments c join tickets t on t.id = c.ticket
    where t.conversation = ${conversation} and c.state <> 'started' and (c.messages && ${[...ids]}::bigint[]
      or exists (select 1 from jsonb_array_elements(c.request->'made'->'pieces') p
        where (p->>'message')::bigint = any(${[...ids]}::bigint[])))
    order by c.id`.execute(db);
  return rows.map((row) => ({ ...row, messages: row.messages.map(Number) }));
}

export async function saveRequest(db: Queryable, comment: number, request: unknown): Promise<void> {
  await db
    .updateTable('comments')
    .set({ request: JSON.stringify(request) })
    .where('id', '=', comment)
    .execute();
}

/** Comments that agents wrote themselves, from which replies were made. */
export async function agentCommentsOf(
  db: Queryable,
  ids: readonly number[],
): Promise<{ comment: string; ticket: TicketId; helpdesk: string }[]> {
  const { rows } = await sql<{ comment: string; ticket: TicketId; helpdesk: string }>`
    select m.comment_id as comment, t.remote_id as ticket, t.helpdesk from messages m join tickets t on t.id = m.ticket
    where m.id = any(${[...ids]}::bigint[]) and m.comment_id is not null and t.remote_id is not null
    order by m.id`.execute(db);
  return rows;
}
