import { type RawBuilder, sql } from 'kysely';
import type { Queryable } from './database.ts';
import { type KeptOrder, orderOf } from './orders.ts';
import { nearest } from './search-customers.ts';
import { prefix } from './words.ts';

export interface OrderFilter {
  /** The beginning of its number. */
  number?: string | undefined;
  state?: string | undefined;
  customer?: number | undefined;
}

export interface ListedOrder {
  id: number;
  shop: string;
  number: string;
  state: string;
  currency: string | null;
  /** In minor units. */
  total: number | null;
  customer: number;
  name: string | null;
  updated_at: Date;
  notices: number;
}

/** The latest known first; each after `before`. */
export async function findOrders(
  db: Queryable,
  { number, state, customer }: OrderFilter,
  limit: number,
  before: number | undefined,
): Promise<ListedOrder[]> {
  const said = [
    ...(before === undefined ? [] : [sql`o.id < ${before}`]),
    ...(state === undefined ? [] : [sql`o.state = ${state}`]),
    ...(customer === undefined ? [] : [sql`o.customer = ${customer}`]),
  ];
  const where = said.length > 0 ? sql`where ${sql.join(said, sql` and `)}` : sql``;
  if (number === undefined) return shown(db, sql`select o.* from orders o ${where} order by o.id desc limit ${limit}`);
  const begins = sql`lower(o.number) like ${prefix(number.toLowerCase())}`;
  // What begins so often is found among the latest at once; what does not is rare enough for its index.
  const near = sql`select o.* from (select o.* from orders o ${where} order by o.id desc limit ${nearest}) o where ${begins}`;
  const found = await shown(db, sql`${near} order by o.id desc limit ${limit}`);
  if (found.length === limit) return found;
  const by = sql.join([begins, ...said], sql` and `);
  return shown(
    db,
    sql`select o.* from (select o.* from orders o where ${by} offset 0) o order by o.id desc limit ${limit}`,
  );
}

async function shown(db: Queryable, orders: RawBuilder<unknown>): Promise<ListedOrder[]> {
  const { rows } = await sql<ListedOrder>`
    select o.id, o.shop, o.number, o.state, o.currency, o.total, o.customer, u.name, o.updated_at,
      (select count(*)::int from order_events e join notices n on n.order_event = e.id where e."order" = o.id) as notices
    from (${orders}) o left join customers u on u.id = o.customer order by o.id desc`.execute(db);
  return rows;
}

export async function orderById(db: Queryable, id: number): Promise<KeptOrder | undefined> {
  const row = await db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirst();
  return row && orderOf(row);
}
