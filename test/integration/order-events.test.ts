import { afterAll, beforeAll, expect, test } from 'vitest';
import { minutes } from '../../src/domain/duration.ts';
import type { OrderEventType } from '../../src/domain/order.ts';
import { type ToldOrderEvent, takeInOrderEvent } from '../../src/flows/take-in-order-event.ts';
import type { WakeUp } from '../../src/queue/wake-up.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { noticesOfOrder } from '../../src/store/notices.ts';
import { ordersByNumber } from '../../src/store/orders.ts';
import { freshDatabase } from '../support/database.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase(database.url, 4);
});
afterAll(async () => {
  await db?.destroy();
  await database?.drop();
});

const woken: WakeUp[] = [];
const world = { queue: { wake: async (_: unknown, wakeUps: readonly WakeUp[]) => void woken.push(...wakeUps) } };
const now = new Date('2026-11-25T12:00:00Z');
const ago = (mins: number) => new Date(now.getTime() - minutes(mins));
const take = (told: ToldOrderEvent) => db.transaction().execute((tx) => takeInOrderEvent(tx, world, told, now));
const of = (number: string, type: OrderEventType, at: Date, more: Partial<ToldOrderEvent> = {}): ToldOrderEvent => ({
  ...{ shop: 'acme', type, at, order: { number }, customer: { customerId: `C-${number}` } },
  ...more,
});
const stateOf = async (number: string) => (await ordersByNumber(db, number))[0]?.state;

test('an event, its order, its notice and the wake-up are one; told again it is a repeat, and another under its key a conflict', async () => {
  const told = of('N-1', 'order.confirmed', ago(1), { key: 'evt-1' });
  const taken = await take({ ...told, order: { number: 'N-1', currency: 'EUR', total: 12_900 } });
  expect(taken).toMatchObject({ result: 'taken', told: 'planned', notice: expect.any(Number) });
  expect(woken).toContainEqual({ queue: 'notices', key: String((await ordersByNumber(db, 'N-1'))[0]!.customer) });
  expect(await take({ ...told, order: { number: 'N-1', currency: 'EUR', total: 12_900 } })).toMatchObject({
    result: 'repeat',
  });
  expect(await take({ ...told, type: 'order.paid' })).toMatchObject({ result: 'refused', because: 'conflict' });
  expect(await noticesOfOrder(db, (await ordersByNumber(db, 'N-1'))[0]!.id)).toHaveLength(1);
});

test('what a later event leaves out stays; what comes late changes no state and is not told when something overtook it', async () => {
  const full = { number: 'N-2', currency: 'NOK', total: 9_900, lines: [{ title: 'Hat', quantity: 1, price: 9_900 }] };
  await take(of('N-2', 'order.confirmed', ago(60), { order: full }));
  await take(of('N-2', 'order.delivered', ago(5), { customer: undefined }));
  const late = await take(
    of('N-2', 'order.shipped', ago(30), { order: { number: 'N-2', tracking: { number: 'T1' } } }),
  );
  expect(late).toMatchObject({ result: 'taken', told: 'overtaken' });
  const [order] = await ordersByNumber(db, 'N-2');
  expect(order).toMatchObject({ state: 'delivered', order: { total: 9_900, tracking: { number: 'T1' } } });
  const late2 = await take(of('N-2', 'order.receipt', ago(30)));
  expect(late2).toMatchObject({ told: 'planned' });
  expect(await stateOf('N-2')).toBe('delivered');
});

test.each([
  ['a step by the next one', 'order.shipped', 'order.delivered', 'replaced'],
  ['a delay when it is cancelled', 'order.delayed', 'order.cancelled', 'replaced'],
  ['never the confirmation', 'order.confirmed', 'order.shipped', 'waiting'],
  ['never a receipt', 'order.receipt', 'order.delivered', 'waiting'],
] as const)('what still waits for the morning is replaced: %s', async (_, first, next, expected) => {
  const number = `R-${first}`;
  const taken = await take(of(number, first, ago(10)));
  const id = 'notice' in taken ? taken.notice! : 0;
  await db
    .updateTable('notices')
    .set({ not_before: new Date(now.getTime() + minutes(60)) })
    .where('id', '=', id)
    .execute();
  await take(of(number, next, ago(1)));
  const row = await db.selectFrom('notices').select('state').where('id', '=', id).executeTakeFirstOrThrow();
  expect(row.state).toBe(expected);
});

test.each([
  ['nobody is named', of('X-1', 'order.paid', ago(1), { customer: {} }), 'customer'],
  ['a link nobody gave', of('X-2', 'order.paid', ago(1), { customer: { linkToken: 'nope' } }), 'customer.linkToken'],
  ['an order of somebody else', of('N-1', 'order.paid', ago(1), { customer: { customerId: 'C-N-2' } }), 'customer'],
])('refused: %s', async (_, told, field) => {
  expect(await take(told)).toMatchObject({ result: 'refused', field });
});

test.each([
  ['nobody is to be told', { silent: true }, ago(1), 'silent'],
  ['it is long ago', {}, ago(4 * 24 * 60), 'too-old'],
])('only kept: %s', async (_, more, at, told) => {
  expect(await take(of(`K-${told}`, 'order.paid', at, more))).toMatchObject({ result: 'taken', told });
  expect(await noticesOfOrder(db, (await ordersByNumber(db, `K-${told}`))[0]!.id)).toEqual([]);
});

test('the same event told many times at once is taken once', async () => {
  const told = of('P-1', 'order.paid', ago(1), { key: 'evt-p' });
  const taken = await Promise.all([1, 2, 3, 4, 5, 6].map(() => take(told)));
  expect(taken.map(({ result }) => result).sort()).toEqual(['repeat', 'repeat', 'repeat', 'repeat', 'repeat', 'taken']);
});
