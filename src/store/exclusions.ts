import { type RawBuilder, sql } from 'kysely';
import type { Queryable } from './database.ts';

/** Whom advertisements need not reach. What is left out holds for nobody; of those given, one is enough. */
export interface ExclusionWish {
  /** Whoever ordered anything since. */
  boughtSince?: Date | undefined;
  /** Of these products alone, by their sku; none: all. */
  products: readonly string[];
  /** Whoever revoked this purpose, or everything. */
  revoked?: string | undefined;
  /** Whoever a campaign told. */
  campaign?: number | undefined;
}

/** An e-mail address or phone by which a customer is known; whoever has several has several lines. */
export interface KnownBy {
  customer: number;
  kind: 'email' | 'phone';
  value: string;
}

/** In pages by customer, so that a list of millions is never held as a whole. `after` is the last customer seen. */
export async function excludedPage(
  db: Queryable,
  wish: ExclusionWish,
  after: number,
  most: number,
): Promise<KnownBy[]> {
  const { rows } = await sql<KnownBy>`
    with page as materialized (
      select c.id from customers c where c.id > ${after} and c.joined_with is null
        and (${sql.join(conditions(wish), sql` or `)}) order by c.id limit ${most})
    select f.customer, f.kind, f.value from page p join facts f on f.customer = p.id
    where f.kind in ('email', 'phone') and f.withdrawn_at is null order by f.customer, f.kind, f.value`.execute(db);
  return rows;
}

/** The last customer of that page, whether anything is known of them or not; undefined at the end. */
export async function endOfPage(
  db: Queryable,
  wish: ExclusionWish,
  after: number,
  most: number,
): Promise<number | undefined> {
  const { rows } = await sql<{ last: number | null }>`
    select max(id)::bigint as last from (select c.id from customers c where c.id > ${after} and c.joined_with is null
      and (${sql.join(conditions(wish), sql` or `)}) order by c.id limit ${most}) p`.execute(db);
  return rows[0]?.last ?? undefined;
}

function conditions({ boughtSince, products, revoked, campaign }: ExclusionWish): RawBuilder<unknown>[] {
  const skus = sql`and exists (select 1 from jsonb_array_elements(o.body -> 'lines') l where l ->> 'sku' = any(${[...products]}::text[]))`;
  return [
    sql`false`,
    ...(boughtSince
      ? [
          sql`exists (select 1 from orders o where o.customer = c.id and coalesce(o.placed_at, o.updated_at) >= ${boughtSince}
            and o.state not in ('cancelled', 'refunded') ${products.length > 0 ? skus : sql``})`,
        ]
      : []),
    ...(revoked
      ? [
          sql`exists (select 1 from consent_states s where s.customer = c.id and s.purpose in (${revoked}, '*')
            and s.state = 'revoked')`,
        ]
      : []),
    ...(campaign
      ? [
          sql`exists (select 1 from notices n where n.customer = c.id and n.campaign = ${campaign}
            and n.state in ('sent', 'delivered', 'read'))`,
        ]
      : []),
  ];
}
