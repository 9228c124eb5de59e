import { type Kysely, sql } from 'kysely';

/** Copying files becomes work of its own, and some of the vault is lent to platforms by link. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // A row stands from the moment the message does: 'waiting', then 'stored' or 'failed', in the end 'expired'.
  // code: the reason in a word. warning: what agents should know of a file that is not what it claims to be.
  `alter table media
     add column created_at timestamptz not null default now(),
     add column attempts integer not null default 0,
     add column next_at timestamptz not null default now(),
     add column ended_at timestamptz,
     add column code text,
     add column warning text`,
  'update media set ended_at = created_at',
  // Files of messages that had not reached their ticket yet; before this they were copied together with it.
  `insert into media (message, position, state, name)
     select m.id, p.ordinality - 1, 'waiting', coalesce(p.value->>'name', p.value->>'type')
     from messages m cross join jsonb_array_elements(m.parts) with ordinality p
     where m.author in ('customer', 'inbox') and p.value->>'type' in ('image', 'video', 'audio', 'file', 'sticker')
       and exists (select 1 from deliveries d where d.message = m.id and d.state in ('waiting', 'parked'))
     on conflict do nothing`,
  `create index media_waiting on media (next_at) where state = 'waiting'`,
  `create index media_stored on media (ended_at) where state = 'stored'`,
  // Files lent to a platform by a signed link, for a while. The row is written before the bytes.
  `create table published_files (
     id text primary key,
     storage_key text not null,
     name text not null,
     content_type text not null,
     bytes bigint not null,
     created_at timestamptz not null default now(),
     expires_at timestamptz not null)`,
  'create index published_files_expiry on published_files (expires_at)',
  // Random keys this service made for itself, by what they are for.
  `create table service_keys (
     purpose text primary key,
     key bytea not null,
     created_at timestamptz not null default now())`,
];
