import { sql } from 'kysely';
import type { Queryable } from './database.ts';

/** Notes which number an order of a shop's has, and gives the number of one that was noted before. */
export async function orderNumber(
  db: Queryable,
  shop: string,
  remoteId: string,
  told: string | undefined,
): Promise<string | undefined> {
  if (told !== undefined) {
    await sql`insert into shop_orders (shop, remote_id, number) values (${shop}, ${remoteId}, ${told})
      on conflict (shop, remote_id) do update set number = excluded.number`.execute(db);
    return told;
  }
  const row = await db
    .selectFrom('shop_orders')
    .select('number')
    .where('shop', '=', shop)
    .where('remote_id', '=', remoteId)
    .executeTakeFirst();
  return row?.number;
}

/** Whether an event of this type was told of an order. */
export async function wasTold(db: Queryable, shop: string, number: string, type: string): Promise<boolean> {
  const row = await db
    .selectFrom('order_events')
    .innerJoin('orders', 'orders.id', 'order_events.order')
    .select('order_events.id')
    .where('orders.shop', '=', shop)
    .where('orders.number', '=', number)
    .where('order_events.type', '=', type)
    .executeTakeFirst();
  return row !== undefined;
}
