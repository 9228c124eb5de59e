import { sql } from 'kysely';
import type { Database } from '../../src/store/database.ts';

const perConversation = 10;
const chunk = 250_000;

/**
 * Fills the ledger as years of work leave it: so many messages `from`..`to`, each with its webhook, its event and a done
 * delivery, ten a conversation, each conversation with a ticket and two comments.
 */
export async function seedDone(db: Database, from: number, to: number): Promise<void> {
  for (let start = from; start < to; start += chunk) {
    const end = Math.min(to, start + chunk) - 1;
    const [first, last] = [start / perConversation, Math.floor(end / perConversation)];
    for (const statement of [...conversations(first, last), ...messages(start, end)]) {
      await db.transaction().execute(async (tx) => {
        await sql`set local synchronous_commit = off`.execute(tx);
        await statement.execute(tx);
      });
    }
  }
  await sql`vacuum analyze`.execute(db);
}

// Far from the ids that the service hands out meanwhile.
const base = 1_000_000_000;

const conversations = (first: number, last: number) => [
  sql`insert into customers (id, name) overriding system value
      select ${base} + c, 'Customer ' || c from generate_series(${first}::bigint, ${last}::bigint) c`,
  sql`insert into conversations (id, account, platform_user, customer, last_customer_at, person) overriding system value
      select ${base} + c, 'page', 'old' || c, ${base} + c, now() - interval '40 days', c::text
      from generate_series(${first}::bigint, ${last}::bigint) c`,
  sql`insert into tickets (id, conversation, helpdesk, external_id, remote_id, state) overriding system value
      select ${base} + c, ${base} + c, 'desk', 'old:' || c, 'old' || c, 'open'
      from generate_series(${first}::bigint, ${last}::bigint) c`,
  sql`insert into comments (ticket, kind, marker, messages, request, state)
      select ${base} + c, 'comment', 'old:' || c || ':' || n, array[]::bigint[], '{}', 'done'
      from generate_series(${first}::bigint, ${last}::bigint) c, generate_series(1, 2) n`,
];

const messages = (first: number, last: number) => [
  sql`insert into webhooks (id, source, account, received_at, body)
      select ${base} + n, 'channel:messenger', 'page', now() - interval '10 days', convert_to(repeat('{"old":"webhook"}', 20), 'UTF8')
      from generate_series(${first}::bigint, ${last}::bigint) n`,
  sql`insert into events (webhook, account, key, type, outcome, platform_user, occurred_at, received_at, body, applied_at)
      select ${base} + n, 'page', 'message:m_' || md5(n::text), 'message', 'taken', 'old' || n / ${perConversation},
        now() - interval '40 days', now() - interval '40 days', jsonb_build_object('type', 'message', 'text', repeat('words ', 20)), now()
      from generate_series(${first}::bigint, ${last}::bigint) n`,
  sql`insert into messages (id, conversation, kind, author, platform_id, ticket, parts, occurred_at) overriding system value
      select ${base} + n, ${base} + n / ${perConversation}, 'said', 'customer', 'm_' || md5(n::text), ${base} + n / ${perConversation},
        jsonb_build_array(jsonb_build_object('type', 'text', 'text', repeat('words ', 20))), now() - interval '40 days'
      from generate_series(${first}::bigint, ${last}::bigint) n`,
  sql`insert into deliveries (message, target, conversation, state, created_at, ended_at)
      select ${base} + n, 'helpdesk:desk', ${base} + n / ${perConversation}, 'done', now() - interval '40 days', now()
      from generate_series(${first}::bigint, ${last}::bigint) n`,
];
