import { sql } from 'kysely';
import type { Database } from '../../src/store/database.ts';

/** As in `seed.ts`: the customers whose orders these are. */
const base = 1_000_000_000;

/**
 * One order for each of so many customers, each with three events and a notice and a try for each, and a campaign that told all of
 * them, a tenth held out. The states are mixed as a year's work leaves them; the rarest is one in some thousands.
 */
export async function seedNotices(db: Database, customers: number): Promise<void> {
  for (const statement of statements(customers)) {
    await db.transaction().execute(async (tx) => {
      await sql`set local synchronous_commit = off`.execute(tx);
      await statement.execute(tx);
    });
  }
}

const statements = (customers: number) => [
  sql`insert into orders (id, shop, number, customer, state, currency, total, placed_at, updated_at, body) overriding system value
    select ${base} + c, 'shop', 'NW-' || c, ${base} + c, case when c % 5000 = 0 then 'refunded' else 'delivered' end, 'EUR', 10850,
      now() - interval '20 days', now() - interval '10 days',
      jsonb_build_object('number', 'NW-' || c, 'total', 10850, 'currency', 'EUR', 'lines',
        jsonb_build_array(jsonb_build_object('title', 'Wool hat', 'sku', 'HAT-M', 'quantity', 2, 'price', 4950)))
    from generate_series(0, ${customers - 1}::bigint) c`,
  sql`insert into order_events (id, "order", shop, key, type, occurred_at, received_at, digest, body) overriding system value
    select ${base} + n, ${base} + n / 3, 'shop', 'e' || n, ${eventOf}, now() - interval '20 days', now() - interval '20 days', '\\x00', '{}'
    from generate_series(0, ${customers * 3 - 1}::bigint) n`,
  sql`insert into notices (id, customer, purpose, priority, event, order_event, state, reason, expires_at, created_at, sent_at, ended_at,
      conversation) overriding system value
    select ${base} + n, ${base} + n / 3, 'order-updates', 1, ${eventOf}, ${base} + n, ${stateOf},
      case when n % 4000 = 0 then 'no way is left' end,
      now() - interval '18 days', now() - interval '20 days', now() - interval '20 days', now() - interval '20 days', ${base} + n / 3
    from generate_series(0, ${customers * 3 - 1}::bigint) n`,
  sql`insert into notice_tries (notice, account, conversation, form, state, started_at, ended_at)
    select ${base} + n, 'page', ${base} + n / 3, 'free', 'sent', now() - interval '20 days', now() - interval '20 days'
    from generate_series(0, ${customers * 3 - 1}::bigint) n`,
  sql`insert into campaigns (id, name, state, purpose, texts, segment, per_minute, hold_out, thresholds, expires_after_ms, made_by, planned_at,
      planned, released) overriding system value
    select ${base} + k, 'Campaign ' || k, case k when 0 then 'done' else 'draft' end, 'marketing', 'autumn',
      '{"channels":[],"accounts":[],"languages":[],"attributes":{}}', 600, 0.1, '{"optOuts":0.05,"failures":0.2,"after":100}', 172800000,
      'user:bench', case k when 0 then now() - interval '9 days' end, ${customers}, ${customers}
    from generate_series(0, 999) k`,
  sql`insert into notices (id, customer, purpose, priority, event, campaign, state, expires_at, created_at, sent_at, ended_at, conversation)
      overriding system value
    select ${2 * base} + c, ${base} + c, 'marketing', 0, 'autumn', ${base}, case when c % 3000 = 0 then 'failed' else 'read' end,
      now() - interval '7 days', now() - interval '9 days', now() - interval '9 days', now() - interval '9 days', ${base} + c
    from generate_series(0, ${customers - 1}::bigint) c where c % 10 <> 9`,
  sql`insert into campaign_hold_outs (campaign, customer)
    select ${base}, ${base} + c from generate_series(0, ${customers - 1}::bigint) c where c % 10 = 9`,
  sql`with acts as (insert into consents (customer, channel, purpose, act, source, at, by_whom)
      select ${base} + c, '*', 'marketing', case when c % 100 = 0 then 'revoked' else 'granted' end, 'api', now() - interval '8 days', 'shop:shop'
      from generate_series(0, ${customers - 1}::bigint) c returning id, customer, act)
    insert into consent_states (customer, channel, purpose, state, since, act)
    select customer, '*', 'marketing', act, now() - interval '8 days', id from acts`,
];

const eventOf = sql`case n % 3 when 0 then 'order.confirmed' when 1 then 'order.shipped' else 'order.delivered' end`;
const stateOf = sql`case when n % 4000 = 0 then 'failed' when n % 7 = 0 then 'read' else 'delivered' end`;
