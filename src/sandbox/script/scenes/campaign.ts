import { marketingKey } from '../../demo/account-data.ts';
import { get } from '../api.ts';
import { type Customer, makeCustomer } from '../customer.ts';
import { holds, is } from '../fact.ts';
import { until } from '../patience.ts';
import { onTicket, type Scene, type Stage } from '../scene.ts';
import { hat, opensLink, tellOrder } from '../shop.ts';

const members = 7;
const perMinute = 120;
const list = 'list:outdoor-news';
const segment = { notBought: { products: [hat], within: '30d' } };

/** What the scene found, for its facts. */
interface Seen {
  buyer: Customer;
  /** Who would be told if nobody were held out. */
  crowd: Customer[];
  beganAt: number;
  first: Report;
  next: Report;
  stopped: Customer;
}
type Report = Record<'planned' | 'heldOut' | 'sent' | 'refused' | 'failed' | 'optedOut', number>;

/** Somebody joins the list on the shop's page, and writes. */
async function joins(stage: Stage, customer: Customer): Promise<Customer> {
  const theirs = { ...stage, customer };
  await opensLink(theirs, { purpose: list, words: 'Yes, send me news of the outdoors' });
  await customer.says('Hello');
  await onTicket(theirs, 'Hello');
  return customer;
}

const another = ({ world, channel, customer }: Stage, n: number): Customer =>
  makeCustomer(world, channel, { user: `${customer.user}${n}`, name: `${customer.name} ${n}` });

/** Makes a campaign and waits until it is over. Returns its number. */
async function run(stage: Stage, code: string, how: object): Promise<number> {
  const wish = { name: code, purpose: list, texts: 'autumn-sale', variables: { code }, segment, ...how };
  const { id } = await get(stage, marketingKey, 'POST', '/v1/campaigns', wish);
  await get(stage, marketingKey, 'POST', `/v1/campaigns/${id}/start`, {});
  const state = async () => (await get(stage, marketingKey, 'GET', `/v1/campaigns/${id}`))['state'];
  await until(`the campaign ${code} is done`, async () => (await state()) === 'done', 60_000);
  return Number(id);
}

const reportOf = async (stage: Stage, id: number) =>
  (await get(stage, marketingKey, 'GET', `/v1/campaigns/${id}/report`)) as unknown as Report;

const told = (customer: Customer, code: string) =>
  customer.received().filter(({ text }) => text?.includes(`Your code: ${code}`));

/** Each was told when so many were due at the rate, or later. */
const inTurn = (customers: readonly Customer[], code: string, since: number): boolean =>
  customers
    .flatMap((customer) => told(customer, code).map(({ at }) => at.getTime()))
    .sort((a, b) => a - b)
    .every((at, n) => at - since >= ((n + 1) * 60_000) / perMinute);

async function play(stage: Stage): Promise<Seen> {
  const others = Array.from({ length: members }, (_, n) => another(stage, n + 1));
  const [buyer, ...crowd] = await Promise.all([stage.customer, ...others].map((each) => joins(stage, each)));
  await tellOrder({ ...stage, customer: buyer! }, 'order.confirmed');
  const beganAt = Date.now();
  const id = await run(stage, 'FIRST10', { perMinute, holdOut: 0.3 });
  const stopped = await until('somebody who was told', () => crowd.find((each) => told(each, 'FIRST10').length > 0));
  await stopped.says('STOP');
  await until('the opting out is counted', async () => (await reportOf(stage, id)).optedOut > 0);
  const next = await run(stage, 'NEXT20', { perMinute: 6_000 });
  return {
    ...{ buyer: buyer!, crowd, beganAt, stopped },
    ...{ first: await reportOf(stage, id), next: await reportOf(stage, next) },
  };
}

/** What is offered to many: only to those who agreed, not to those who bought it already, and never after a STOP. */
export function campaign(): Scene {
  let seen: Seen | undefined;
  return {
    name: 'A campaign tells whom it may, holds some out and spares who said STOP',
    play: async (stage) => {
      seen = await play(stage);
    },
    expect: () => {
      if (!seen) return [];
      const { buyer, crowd, beganAt, stopped, first, next } = seen;
      const hearing = (code: string) => crowd.filter((each) => told(each, code).length === 1);
      const went = (report: Report) => [report.sent, report.refused, report.failed];
      return [
        is('who bought it already is left alone', [...told(buyer, 'FIRST10'), ...told(buyer, 'NEXT20')], []),
        is('told and held out are all there are', first.planned + first.heldOut, crowd.length),
        is('whoever is not held out is told, once', hearing('FIRST10').length, first.planned),
        is('all of it counted as sent', went(first), [first.planned, 0, 0]),
        holds('nobody is told before their turn', inTurn(crowd, 'FIRST10', beganAt)),
        is('one opted out', first.optedOut, 1),
        is('who said STOP hears nothing of the next', told(stopped, 'NEXT20'), []),
        is('all the others do, once', hearing('NEXT20').length, crowd.length - 1),
        is('and are counted so', [next.planned, ...went(next)], [crowd.length - 1, crowd.length - 1, 0, 0]),
      ];
    },
  };
}
