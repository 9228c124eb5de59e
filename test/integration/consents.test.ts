import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messenger } from '../../src/channels/registry.ts';
import { days, hours, minutes } from '../../src/domain/duration.ts';
import type { NoticeRules } from '../../src/domain/notice-rules.ts';
import { customerOfShop, type ShopCustomer } from '../../src/flows/customer-of-shop.ts';
import { joinCustomers } from '../../src/flows/join-customers.ts';
import { judgeSending, type Sending } from '../../src/flows/judge-sending.ts';
import type { Operations } from '../../src/flows/operations.ts';
import { undoAct } from '../../src/flows/undo-act.ts';
import type { World } from '../../src/flows/world.ts';
import { consentProofs, consentStates, type NewConsent, recordConsent } from '../../src/store/consents.ts';
import { beginConversation, conversationById, customerActed } from '../../src/store/conversations.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { learnFacts } from '../../src/store/facts.ts';
import { takeBackSending } from '../../src/store/sendings.ts';
import { freshDatabase } from '../support/database.ts';

const account = { id: 'acme-page', kind: 'messenger', humanAgent: false };
const noon = new Date('2026-03-02T12:00:00Z');
const rules: NoticeRules = {
  defaultTimeZone: 'UTC',
  quietHours: { from: 21 * 60, to: 8 * 60, exceptUrgent: true },
  caps: [{ purpose: 'marketing', most: 2, per: days(7) }],
  spacing: minutes(30),
  sameWithin: hours(24),
  doubleOptIn: [],
  lists: [],
  words: new Map(),
};

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let operations: Operations;
let world: Pick<World, 'db' | 'channels' | 'notices' | 'policy'>;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase(database.url, 8);
  const channels = new Map([[account.id, { channel: messenger, account }]]) as unknown as World['channels'];
  operations = { db, queue: { wake: async () => {} }, accounts: channels };
  world = { db, channels, notices: rules, policy: new Map() };
});
afterAll(async () => {
  await db?.destroy();
  await database?.drop();
});

let people = 0;
async function person(): Promise<{ customer: number; conversation: number; platformUser: string }> {
  const platformUser = `p-${++people}`;
  return db.transaction().execute(async (tx) => {
    const { id, customer } = await beginConversation(tx, account.id, platformUser);
    await customerActed(tx, id, noon);
    return { customer: customer.id, conversation: id, platformUser };
  });
}

const record = (given: Pick<NewConsent, 'customer' | 'act'> & Partial<NewConsent>) =>
  db.transaction().execute((tx) =>
    recordConsent(tx, {
      channel: 'messenger',
      purpose: 'marketing',
      source: 'api',
      at: noon,
      by: 'shop:shop',
      ...given,
    }),
  );
const later = (hoursLater: number) => new Date(noon.getTime() + hours(hoursLater));
let keys = 0;
const judge = (conversation: number, more: Partial<Sending> = {}) =>
  judgeSending(world, {
    ...{ conversation, purpose: 'marketing', kind: 'notice', form: 'free', at: later(1), key: `notice:${++keys}` },
    ...more,
  });
const states = async (customer: number) =>
  (await consentStates(db, customer)).map(({ channel, purpose, state }) => `${channel} ${purpose} ${state}`);

describe('the ledger', () => {
  test('keeps each act with its proof; told twice it is one', async () => {
    const { customer } = await person();
    const told = { customer, act: 'granted', words: 'Send me offers', ip: '203.0.113.7', requestId: 'r-1' } as const;
    const [first, second] = [await record(told), await record(told)];
    expect(first).toMatchObject({ repeated: false, changed: true });
    expect(second).toEqual({ id: first.id, repeated: true, changed: false });
    await record({ customer, act: 'revoked', at: later(1), source: 'keyword', by: 'customer' });
    expect(await consentProofs(db, customer)).toMatchObject([
      { act: 'granted', words: 'Send me offers', ip: '203.0.113.7', requestId: 'r-1', at: noon, by: 'shop:shop' },
      { act: 'revoked', source: 'keyword', at: later(1) },
    ]);
    expect(await states(customer)).toEqual(['messenger marketing revoked']);
  });

  test('of two who are joined a no wins, and undoing it gives each back what was theirs', async () => {
    const [a, b] = [await person(), await person()];
    await record({ customer: a.customer, act: 'revoked' });
    await record({
      ...{ customer: b.customer, act: 'granted', at: later(2) },
      account: account.id,
      platformUser: b.platformUser,
    });
    await record({ customer: b.customer, act: 'granted', purpose: 'order-updates' });
    const joined = await joinCustomers(
      operations,
      { keep: b.customer, gone: a.customer },
      { who: 'test', now: later(3) },
    );
    expect(await states(b.customer)).toEqual(['messenger marketing revoked', 'messenger order-updates granted']);
    expect(await states(a.customer)).toEqual([]);
    expect((await judge(b.conversation)).verdict).toBe('no');
    if (!joined || 'refused' in joined) throw new Error('not joined');
    await undoAct(operations, joined.act, { who: 'test', now: later(4) });
    expect(await states(a.customer)).toEqual(['messenger marketing revoked']);
    expect(await states(b.customer)).toEqual(['messenger marketing granted', 'messenger order-updates granted']);
  });

  test('who said yes again after they were joined is asked no more', async () => {
    const [a, b] = [await person(), await person()];
    await record({ customer: a.customer, act: 'revoked' });
    await joinCustomers(operations, { keep: b.customer, gone: a.customer }, { who: 'test', now: later(1) });
    await record({ customer: b.customer, act: 'granted', at: later(2) });
    expect(await states(b.customer)).toEqual(['messenger marketing granted']);
  });
});

describe('the gate', () => {
  test('lets through what was agreed to, by the window’s right, and what was not it does not', async () => {
    const { customer, conversation } = await person();
    expect(await judge(conversation)).toMatchObject({ verdict: 'no', because: 'consent', why: /never agreed/ });
    await record({ customer, act: 'granted' });
    expect(await judge(conversation)).toMatchObject({ verdict: 'send', right: 'response' });
    expect(await judge(conversation, { at: later(72) })).toMatchObject({ verdict: 'no', because: 'policy' });
    await record({ customer, act: 'revoked', purpose: '*', at: later(2) });
    expect(await judge(conversation)).toMatchObject({ verdict: 'no', why: /writing START/ });
  });

  test('waits for the night to end, but with what is urgent about an order', async () => {
    const { customer, conversation } = await person();
    await record({ customer, act: 'granted' });
    await record({ customer, act: 'granted', purpose: 'order-updates' });
    const night = { at: new Date('2026-03-02T22:30:00Z') };
    const until = new Date('2026-03-03T08:00:00Z');
    expect(await judge(conversation, night)).toMatchObject({ verdict: 'wait', because: 'quiet-hours', until });
    const urgent = { ...night, purpose: 'order-updates', priority: 'urgent' } as const;
    expect(await judge(conversation, urgent)).toMatchObject({ verdict: 'send' });
  });

  test('counts a sending once under its key, no more than the cap, and not what was not sent after all', async () => {
    const { customer, conversation } = await person();
    await record({ customer, act: 'granted' });
    for (const key of ['a', 'b', 'a', 'b'])
      expect((await judge(conversation, { key: `${key}${customer}` })).verdict).toBe('send');
    const third = await judge(conversation);
    expect(third).toMatchObject({ verdict: 'wait', because: 'cap', until: new Date(later(1).getTime() + days(7)) });
    await takeBackSending(db, `a${customer}`);
    expect((await judge(conversation)).verdict).toBe('send');
  });

  test('however many ask at once, no more than the cap go', async () => {
    const { customer, conversation } = await person();
    await record({ customer, act: 'granted' });
    const all = await Promise.all(Array.from({ length: 8 }, () => judge(conversation)));
    expect(all.filter(({ verdict }) => verdict === 'send')).toHaveLength(2);
  });

  test('the same words do not go twice, and an offer waits after a delay', async () => {
    const { customer, conversation } = await person();
    await record({ customer, act: 'granted' });
    await record({ customer, act: 'granted', purpose: 'order-updates' });
    const delay = { purpose: 'order-updates', priority: 'high', text: 'Order 778 is late!' } as const;
    expect((await judge(conversation, delay)).verdict).toBe('send');
    expect(await judge(conversation, { ...delay, text: 'order  778 is LATE' })).toMatchObject({
      because: 'same-again',
    });
    expect((await judge(conversation, { ...delay, text: 'Order 779 is late!' })).verdict).toBe('send');
    // Judged anew under its key, by whoever no longer has its words at hand, it still stands for them.
    expect((await judge(conversation, { ...delay, key: 'notice:again', text: 'Order 780 is late!' })).verdict).toBe(
      'send',
    );
    expect((await judge(conversation, { ...delay, key: 'notice:again', text: undefined } as never)).verdict).toBe(
      'send',
    );
    expect(await judge(conversation, { ...delay, text: 'Order 780 is late!' })).toMatchObject({
      because: 'same-again',
    });
    expect(await judge(conversation)).toMatchObject({ verdict: 'wait', because: 'more-important' });
  });
});

describe('whom a shop speaks of', () => {
  const find = (told: ShopCustomer) => db.transaction().execute((tx) => customerOfShop(tx, told, 'shop:shop'));

  test('is made once, and known again by any of what was told', async () => {
    const made = await find({ customerId: 'S-1', email: 'Ida@Shop.example', phone: '+4791234567' });
    expect(made).toMatchObject({ isNew: true });
    if ('refused' in made) throw new Error(made.refused);
    const again = { customer: made.customer, isNew: false };
    expect(await find({ customerId: 'S-1' })).toEqual(again);
    expect(await find({ email: 'ida@shop.example' })).toEqual(again);
    expect(await find({ phone: '+47 912 34 567' })).toEqual(again);
  });

  test('is not whoever typed their address in a chat, but is who has the phone', async () => {
    const { customer, platformUser } = await person();
    const source = { account: account.id, platformUser, at: noon };
    await learnFacts(
      db,
      customer,
      [{ kind: 'email', value: 'typed@shop.example', evidence: 'stated', by: 'customer' }],
      source,
    );
    await learnFacts(
      db,
      customer,
      [{ kind: 'phone', value: '+4790000001', evidence: 'platform-phone', by: 'platform' }],
      source,
    );
    expect(await find({ email: 'typed@shop.example' })).toMatchObject({ isNew: true });
    expect(await find({ customerId: 'S-2', phone: '+4790000001' })).toEqual({ customer, isNew: false });
    expect((await conversationById(db, (await person()).conversation))?.customer.facts).toEqual([]);
  });

  test('several with the same address are never guessed among; with another id it is somebody else', async () => {
    const first = await find({ customerId: 'S-3', email: 'both@shop.example' });
    const second = await find({ customerId: 'S-4', email: 'both@shop.example' });
    expect(second).toMatchObject({ isNew: true });
    const among = [first, second].map((each) => ('customer' in each ? each.customer : 0));
    expect(await find({ email: 'both@shop.example' })).toEqual({ refused: 'several', among, by: 'email' });
    expect(await find({})).toEqual({ refused: 'nothing-said' });
    expect(await find({ linkToken: 'psl_unknown' })).toEqual({ refused: 'unknown-link' });
  });
});
