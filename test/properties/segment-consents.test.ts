import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agreedTo, type ConsentAct, everything } from '../../src/domain/consent.ts';
import { aboutSizeOf, sizeOf } from '../../src/store/campaign-size.ts';
import { consentStates, recordConsent } from '../../src/store/consents.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { customersOf } from '../../src/store/segment-sql.ts';
import { addAudience } from '../support/audience.ts';
import { freshDatabase } from '../support/database.ts';
import { holds } from '../support/kept-seeds.ts';

const kinds = new Map([
  ['acme-page', 'messenger'],
  ['acme-sms', 'sms'],
]);
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

const purposes = ['marketing', 'list:spring'];
// Few times, so that acts meet at one.
const act = fc.record({
  channel: fc.constantFrom(everything, ...kinds.values()),
  purpose: fc.constantFrom(everything, ...purposes),
  act: fc.constantFrom<ConsentAct>('asked', 'granted', 'granted', 'revoked'),
  at: fc.integer({ min: 0, max: 6 }).map((hour) => new Date(Date.UTC(2026, 0, 1, hour))),
});
const ledgers = fc.array(
  fc.record({ account: fc.constantFrom(...kinds.keys()), acts: fc.array(act, { maxLength: 8 }) }),
  { minLength: 12, maxLength: 20 },
);
const everybody = { channels: [], accounts: [], languages: [], attributes: {} };

let people = 0;
test('whom a segment takes in are those who agreed, as the gate judges it at the moment of sending', async () => {
  await holds(
    'segment-consents',
    fc.asyncProperty(ledgers, async (given) => {
      const customers = new Map<number, string>();
      for (const { account, acts } of given) {
        const [customer] = await addAudience(db, [{ psid: `s-${++people}`, consents: {} }], account);
        customers.set(customer!, account);
        await db.transaction().execute(async (tx) => {
          for (const each of acts)
            await recordConsent(tx, { ...each, customer: customer!, source: 'api', by: 'shop:shop' });
        });
      }
      for (const purpose of purposes) {
        const { rows } = await customersOf(everybody, purpose, kinds, new Date()).execute(db);
        const taken = rows.map(({ customer }) => customer).filter((customer) => customers.has(customer));
        const agreed: number[] = [];
        for (const [customer, account] of customers)
          if (agreedTo(await consentStates(db, customer), kinds.get(account)!, purpose).agreed) agreed.push(customer);
        expect(taken.toSorted((a, b) => a - b)).toEqual(agreed.toSorted((a, b) => a - b));
      }
    }),
    8,
  );
});

test('of many customers a segment’s size is told from some; of few in it they are counted', async () => {
  await sql`with c as (insert into customers (name, locale) select 'M', case when n % 30 = 0 then 'fi' else 'en' end from generate_series(1, 3000) n returning id),
      v as (insert into conversations (account, platform_user, customer, last_customer_at) select 'acme-sms', 'm-' || id, id, now() from c),
      a as (insert into consents (customer, channel, purpose, act, source, at, by_whom)
        select id, '*', 'list:many', case when id % 3 = 0 then 'revoked' else 'granted' end, 'api', now(), 'shop:shop' from c returning id, customer, act)
    insert into consent_states (customer, channel, purpose, state, since, act)
    select customer, '*', 'list:many', act, now(), id from a`.execute(db);
  await sql`analyze customers`.execute(db);
  const sizes = (languages: string[]) => {
    const aimed = { segment: { ...everybody, languages }, purpose: 'list:many' };
    const bounds = { counted: 2_000, drawn: 1_000, found: 300 };
    return Promise.all([sizeOf(db, aimed, kinds, new Date()), aboutSizeOf(db, aimed, kinds, new Date(), bounds)]);
  };
  const [[counted], { accounts, about }] = await sizes([]);
  expect(about).toBe(true);
  expect(Math.abs(accounts[0]!.customers / counted!.customers - 1)).toBeLessThan(0.15);
  const [exact, few] = await sizes(['fi']);
  expect(few).toEqual({ accounts: exact, about: false });
});
