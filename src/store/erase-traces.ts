import { sql } from 'kysely';
import type { Queryable } from './database.ts';

/** What tells that a raw body or an event that is nobody's is about somebody. */
export interface Traces {
  /** What they are called: platform ids, e-mails, phones, the shop's ids. */
  names: string[];
  /** Tickets of theirs, by helpdesk: callbacks tell of these. */
  tickets: string[];
}

export interface TraceStep {
  /** Where the next one goes on; undefined at the end. */
  after: number | undefined;
  removed: number;
}

const batch = 2_000;

/**
 * Empties raw bodies in which one of their names stands as a word of its own, among the next by id: those of repeats and of
 * what was never applied as well. What else such a webhook told is in its events.
 */
export async function blankTraces(db: Queryable, { names, tickets }: Traces, after: number): Promise<TraceStep> {
  const { rows } = await sql<{ last: number | null; removed: number }>`
    with page as materialized (select id, source, body from webhooks where id > ${after} order by id limit ${batch}),
    hit as (update webhooks w set body = '' from page s where w.id = s.id and length(s.body) > 0
        and (${named(sql`s.body`, names)} or (s.source like 'helpdesk:%' and ${named(sql`s.body`, tickets)}))
      returning w.id)
    select (select max(id) from page)::float8 as last, (select count(*) from hit)::int as removed`.execute(db);
  return { after: rows[0]?.last ?? undefined, removed: rows[0]?.removed ?? 0 };
}

/** Deletes events that are kept for nobody (unsupported, unrouted, of callbacks, of shops) in which a name of theirs stands. */
export async function deleteTraces(db: Queryable, { names }: Traces, after: number): Promise<TraceStep> {
  const { rows } = await sql<{ last: number | null; removed: number }>`
    with page as materialized (
        select id, platform_user, body, key from events where id > ${after} order by id limit ${batch}),
      gone as (delete from events e using page p where e.id = p.id and p.platform_user is null
        and ${named(sql`convert_to(p.body::text || ' ' || p.key, 'UTF8')`, names)} returning e.id)
    select (select max(id) from page)::float8 as last, (select count(*) from gone)::int as removed`.execute(db);
  return { after: rows[0]?.last ?? undefined, removed: rows[0]?.removed ?? 0 };
}

/** `bytes` hold one of the names, with neither a letter nor a digit around it: 77 is not in 1775. */
function named(bytes: ReturnType<typeof sql>, names: readonly string[]) {
  const all = [...new Set(names.flatMap(spellings))];
  return sql`exists (select 1 from unnest(${all}::text[], ${all.map(asWord)}::text[]) as n (name, word)
    where position(convert_to(n.name, 'UTF8') in ${bytes}) > 0 and encode(${bytes}, 'escape') ~* n.word)`;
}

/** As it stands in JSON, with slashes escaped, or in a form. */
const spellings = (name: string): string[] => [name, name.replaceAll('/', '\\/'), encodeURIComponent(name)];

/** Bytes beyond ASCII are written otherwise by `encode`; a name with such is found by its bytes alone. */
const asWord = (name: string): string =>
  /^[\x20-\x7e]+$/.test(name) && !name.includes('\\')
    ? `(^|[^0-9a-z])${name.replace(/[^0-9A-Za-z]/g, '\\$&')}([^0-9a-z]|$)`
    : '.';

/** A job by its queue and key. */
export interface JobName {
  queue: string;
  key: string;
}

const isOne = (jobs: readonly JobName[]) => sql`(name, singleton_key) in (select * from unnest(
  ${jobs.map(({ queue }) => queue)}::text[], ${jobs.map(({ key }) => key)}::text[]))`;

/** Whether one of these jobs is running. */
export async function atWork(db: Queryable, jobs: readonly JobName[]): Promise<boolean> {
  const { rows } = await sql`select 1 from pgboss.job_common where state = 'active' and ${isOne(jobs)} limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** Jobs that are over still carry their keys. One that waits may be somebody's who writes anew. */
export async function deleteJobs(tx: Queryable, jobs: readonly JobName[]): Promise<void> {
  await sql`delete from pgboss.job_common
    where state in ('completed', 'cancelled', 'failed') and ${isOne(jobs)}`.execute(tx);
}

/** What an answer that came after the rows were gone has left behind. */
export async function dropOrphans(tx: Queryable): Promise<void> {
  await sql`update published_files f set name = 'erased', message = null, expires_at = now() - interval '1 day'
    where f.message is not null and not exists (select 1 from messages m where m.id = f.message)`.execute(tx);
}
