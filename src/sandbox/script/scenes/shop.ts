import { holds, is } from '../fact.ts';
import { until } from '../patience.ts';
import { onTicket, receives, type Scene, type Stage } from '../scene.ts';
import { noticeOf, opensLink, shopNames, tellOrder } from '../shop.ts';

const saidBy = ({ customer }: Stage): string =>
  customer
    .received()
    .map(({ text }) => text ?? '')
    .join('\n');

const followed: Scene = {
  name: 'An order is followed in the thread, and the ticket holds it',
  play: async (stage) => {
    // Told before anybody knows where to: it waits for the customer.
    await tellOrder(stage, 'order.confirmed');
    await opensLink(stage);
    await stage.customer.says('Have you got my order?');
    await onTicket(stage, 'Have you got my order?');
    await receives(stage, 1);
    await tellOrder(stage, 'order.shipped');
    await receives(stage, 2);
    await tellOrder(stage, 'order.receipt');
    await receives(stage, 3);
  },
  expect: (stage) => {
    const { customer } = stage;
    const { number } = shopNames(stage);
    const notes = customer.notes().map(({ body }) => body);
    return [
      is('tickets', customer.tickets().length, 1),
      is('messages on the phone', customer.received().length, 3),
      holds('the order is confirmed and shipped', saidBy(stage).includes(`Order ${number} has left us`), saidBy(stage)),
      holds(
        'agents see the order on the ticket',
        notes.some((note) => note.includes(number)),
        notes,
      ),
      holds('the history has the notices', customer.transcript().includes(`Order ${number} has left us`)),
    ];
  },
};

const stops: Scene = {
  name: 'STOP ends notices, START lets them come again',
  play: async (stage) => {
    await opensLink(stage);
    await stage.customer.says('Hello');
    await onTicket(stage, 'Hello');
    await stage.customer.says('STOP');
    await onTicket(stage, 'STOP');
    const refused = await tellOrder(stage, 'order.confirmed');
    await until('the notice is refused', async () => (await noticeOf(stage, refused)).state === 'refused');
    const { reason } = await noticeOf(stage, refused);
    if (!reason.includes('stopped all messages')) throw new Error(`it was refused because of: ${reason}`);
    await stage.customer.says('START');
    await onTicket(stage, 'START');
    await tellOrder(stage, 'order.shipped');
    await receives(stage, 1);
  },
  expect: (stage) => [
    is('messages on the phone', stage.customer.received().length, 1),
    holds('what came is what was sent after START', saidBy(stage).includes('has left us'), saidBy(stage)),
  ],
  patience: 60_000,
};

/** What "Businesses on Messenger" promised shops. */
export const shop: Scene[] = [followed, stops];
