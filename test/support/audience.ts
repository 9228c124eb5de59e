import { sql } from 'kysely';
import type { Database } from '../../src/store/database.ts';

export interface Member {
  psid: string;
  locale?: string;
  attributes?: Record<string, string>;
  /** Purposes with what stands for them. */
  consents?: Record<string, 'granted' | 'revoked' | 'pending'>;
  bought?: { sku: string; daysAgo: number; state?: string }[];
  email?: string;
}

/** Customers who wrote once to the page, as the ledger would have them, without the talk. Returns their numbers in order. */
export async function addAudience(db: Database, members: readonly Member[], account = 'acme-page'): Promise<number[]> {
  const ids: number[] = [];
  for (const member of members) ids.push(await addMember(db, member, account));
  return ids;
}

async function addMember(db: Database, member: Member, account: string): Promise<number> {
  const { id } = await db
    .insertInto('customers')
    .values({
      name: `Member ${member.psid}`,
      locale: member.locale ?? null,
      attributes: JSON.stringify(member.attributes ?? {}),
    } as never)
    .returning('id')
    .executeTakeFirstOrThrow();
  await sql`insert into identities (account, platform_user, customer, evidence, detail)
    values (${account}, ${member.psid}, ${id}, 'platform', '{}')`.execute(db);
  await sql`insert into conversations (account, platform_user, customer, last_customer_at, address)
    values (${account}, ${member.psid}, ${id}, now(), ${member.psid})`.execute(db);
  for (const [purpose, state] of Object.entries(member.consents ?? { marketing: 'granted' }))
    await consent(db, id, purpose, state);
  for (const [n, { sku, daysAgo, state }] of (member.bought ?? []).entries())
    await sql`insert into orders (shop, number, customer, state, placed_at, updated_at, body)
      values ('shop', ${`${member.psid}-${n}`}, ${id}, ${state ?? 'delivered'}, now() - ${`${daysAgo} days`}::interval, now(),
        ${JSON.stringify({ number: `${member.psid}-${n}`, lines: [{ title: sku, sku, quantity: 1, price: 100 }] })}::jsonb)`.execute(
      db,
    );
  if (member.email)
    await sql`insert into facts (customer, kind, value, compared, evidence, by_whom)
      values (${id}, 'email', ${member.email}, ${member.email}, 'shop-api', 'shop:shop')`.execute(db);
  return id;
}

async function consent(db: Database, customer: number, purpose: string, state: string): Promise<void> {
  const act = { granted: 'granted', revoked: 'revoked', pending: 'asked' }[state];
  await sql`with act as (insert into consents (customer, channel, purpose, act, source, at, by_whom)
      values (${customer}, '*', ${purpose}, ${act}, 'api', now() - interval '1 day', 'shop:shop') returning id)
    insert into consent_states (customer, channel, purpose, state, since, act)
    select ${customer}, '*', ${purpose}, ${state}, now() - interval '1 day', id from act`.execute(db);
}
