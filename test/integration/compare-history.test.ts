import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Channel, ChannelAccount, HistoryPage } from '../../src/channels/channel.ts';
import type { InboundEvent } from '../../src/domain/event.ts';
import { done, type Outcome } from '../../src/domain/outcome.ts';
import { applyEvents } from '../../src/flows/apply-events.ts';
import type { ReconcilingWorld } from '../../src/flows/compare-history.ts';
import { noticingOutages } from '../../src/flows/notice-outage.ts';
import { reconcileChannel, reconcileSince } from '../../src/flows/reconcile-channel.ts';
import { channelEvent, makeTakeIn } from '../../src/flows/take-in-webhook.ts';
import { watchSilence } from '../../src/flows/watch-silence.ts';
import type { ConnectedChannel } from '../../src/flows/world.ts';
import { silentLog } from '../../src/kit/log.ts';
import type { Tools } from '../../src/kit/tools.ts';
import type { WakeUp } from '../../src/queue/wake-up.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { watches } from '../../src/store/watches.ts';
import { freshDatabase } from '../support/database.ts';

// The comparison itself, on a real ledger, with a platform whose history is as the test says.

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase(database.url, 6);
});
afterAll(async () => {
  await db?.destroy();
  await database?.drop();
});
beforeEach(async () => {
  await sql`truncate events, webhooks, reconciliations, watches`.execute(db);
});

type Reading = (page: string | undefined, since: Date) => Outcome<HistoryPage>;

function worldWith(history: Reading) {
  const woken: WakeUp[] = [];
  const asked: (string | undefined)[] = [];
  const account = { id: 'acme', kind: 'parrot' } as unknown as ChannelAccount;
  const channel = {
    kind: 'parrot',
    label: 'Parrot',
    readHistory: async (_: ChannelAccount, since: Date, __: Tools, page?: string) => {
      asked.push(page);
      return history(page, since);
    },
  } as unknown as Channel;
  const connected: ConnectedChannel = { channel, account };
  const recovered: number[] = [];
  const world = {
    db,
    queue: {
      wake: async (_: unknown, wakeUps: readonly WakeUp[]) => void woken.push(...wakeUps),
      wakeHeld: async (_: unknown, wakeUps: readonly WakeUp[]) => void woken.push(...wakeUps),
      wakeLater: async (wakeUp: WakeUp) => void woken.push(wakeUp),
    },
    tools: { clock: { now: () => new Date(), sleep: async () => undefined }, log: silentLog },
    meters: { event: () => undefined, recovered: (_: string, n: number) => void recovered.push(n) },
    channels: new Map([['acme', connected]]),
    mapping: { tickets: { fromPublicComments: false }, identity: {} },
    notices: { words: new Map(), doubleOptIn: [] },
  } as unknown as ReconcilingWorld;
  return { world, connected, woken, asked, recovered };
}

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const message = (id: string, user: string, at: Date): InboundEvent =>
  ({ type: 'message', to: 'p', id, from: user, at, parts: [{ type: 'text', text: id }], found: 'history' }) as never;
const page = (events: InboundEvent[], more: Partial<HistoryPage> = {}): Outcome<HistoryPage> =>
  done({ events, ...more });
const keys = async () => (await db.selectFrom('events').select('key').orderBy('id').execute()).map(({ key }) => key);
const reports = () => db.selectFrom('reconciliations').selectAll().orderBy('id').execute();
const webhookTold = async (world: ReconcilingWorld, ...events: InboundEvent[]) =>
  makeTakeIn({ ...world, log: silentLog })({
    kind: 'parrot',
    account: 'acme',
    source: 'channel:parrot',
    body: Buffer.from('{}'),
    events: events.map((event) => channelEvent(event, 'parrot', 'acme')),
  });
const once = { silence: false };
/** As if all had been compared until then. */
const comparedUntil = (at: Date) =>
  db
    .insertInto('reconciliations')
    .values({ account: 'acme', why: 'regular', from_at: at, to_at: at, ended_at: at })
    .execute();

test('what was found in the second of what a webhook told stands behind it, as in the history', async () => {
  const second = new Date(Math.floor(ago(5).getTime() / 1_000) * 1_000);
  const told = message('told', 'ida', new Date(second.getTime() + 400));
  const { world } = worldWith(() => page([message('told', 'ida', second), message('lost', 'ida', second)]));
  await comparedUntil(ago(10));
  await webhookTold(world, told);
  await reconcileChannel(world, 'acme', once);
  const events = await db.selectFrom('events').select('key').orderBy('occurred_at').execute();
  expect(events.map(({ key }) => key)).toEqual(['message:told', 'message:lost']);
});

test('what was said before the account was connected is left alone; from then on all is compared', async () => {
  const { world, asked } = worldWith(() => page([message('old', 'u', ago(60))]));
  await reconcileChannel(world, 'acme', once);
  expect(await keys()).toEqual([]);
  expect(asked).toEqual([undefined]);
  expect(await reports()).toMatchObject([{ seen: 0, recovered: 0, problem: null }]);
});

test('after an upgrade it begins with what the ledger heard last', async () => {
  const { world } = worldWith((_, since) => page([message('m2', 'u', ago(30))].filter(({ at }) => at >= since)));
  await webhookTold(world, message('m1', 'u', ago(40)));
  await sql`update events set received_at = ${ago(40)}`.execute(db);
  await reconcileChannel(world, 'acme', once);
  expect(await keys()).toEqual(['message:m1', 'message:m2']);
});

test('a pause in the middle goes on where it stopped, and counts each message once', async () => {
  const pages: Record<string, HistoryPage> = {
    first: { events: [message('a', 'u1', ago(20)), message('b', 'u1', ago(19))], next: 'second' },
    second: { events: [message('c', 'u2', ago(25))], next: 'third' },
    third: { events: [message('d', 'u3', ago(28))] },
  };
  let limited = true;
  const { world, asked, woken } = worldWith((at = 'first') => {
    if (at === 'second' && limited) {
      limited = false;
      return { result: 'later', why: 'too fast' };
    }
    return done(pages[at]!);
  });
  await comparedUntil(ago(30));
  await webhookTold(world, message('a', 'u1', ago(20)));
  expect(await reconcileChannel(world, 'acme', once)).toMatchObject({ left: true });
  expect(await reconcileChannel(world, 'acme', once)).toEqual({ left: false });
  expect(asked.slice(0, 4)).toEqual([undefined, 'second', 'second', 'third']);
  expect(await keys()).toEqual(['message:a', 'message:b', 'message:c', 'message:d']);
  expect((await reports()).at(-1)).toMatchObject({ seen: 4, known: 1, recovered: 3, missed: 0, problem: null });
  expect(new Set(woken.map(({ key }) => key))).toEqual(new Set(['acme|u1', 'acme|u2', 'acme|u3']));
});

test('a place in the list that is no longer valid: from the beginning again', async () => {
  let first = true;
  const { world } = worldWith((at) => {
    if (at === undefined) return page([message('a', 'u1', ago(20))], first ? { next: 'gone' } : {});
    first = false;
    return { result: 'never', why: 'invalid cursor' };
  });
  await comparedUntil(ago(30));
  expect(await reconcileChannel(world, 'acme', once)).toMatchObject({ left: true });
  expect(await reconcileChannel(world, 'acme', once)).toEqual({ left: false });
  expect((await reports()).at(-1)).toMatchObject({ seen: 1, recovered: 1, problem: null });
});

test('a conversation that moved to the front while the pages were read is found there', async () => {
  let reads = 0;
  const { world } = worldWith((at) => {
    if (at === 'second') return page([message('c', 'u3', ago(25))], { changedAt: ago(25) });
    const moved = reads++ > 0 ? [message('b', 'u2', ago(22))] : [];
    return page([...moved, message('a', 'u1', ago(20))], { next: 'second', changedAt: ago(20) });
  });
  await comparedUntil(ago(30));
  await reconcileChannel(world, 'acme', once);
  expect(await keys()).toEqual(['message:a', 'message:c', 'message:b']);
  expect((await reports()).at(-1)).toMatchObject({ seen: 3, known: 0, recovered: 3 });
});

test('a history whose ids are not those of the webhooks is not taken in: it would all be there twice', async () => {
  const at = [12, 11, 10, 9].map(ago);
  const { world } = worldWith(() => page(at.map((time, i) => message(`other${i}`, 'u', time))));
  await comparedUntil(ago(30));
  await webhookTold(world, ...at.map((time, i) => message(`m${i}`, 'u', time)));
  await reconcileChannel(world, 'acme', once);
  expect(await keys()).toHaveLength(4);
  expect((await reports()).at(-1)).toMatchObject({ recovered: 0, problem: expect.stringContaining('twice') });
});

test('what hinders is kept as the reason, and the time is compared the next time', async () => {
  let permitted = false;
  const { world } = worldWith(() =>
    permitted ? page([message('a', 'u', ago(20))]) : { result: 'account-broken', why: 'a permission is missing' },
  );
  await comparedUntil(ago(30));
  expect(await reconcileChannel(world, 'acme', once)).toEqual({ left: false });
  expect((await reports()).at(-1)).toMatchObject({ problem: 'a permission is missing' });
  permitted = true;
  await reconcileChannel(world, 'acme', once);
  expect(await keys()).toEqual(['message:a']);
});

test('several replicas at once take each message in once', async () => {
  const said = Array.from({ length: 50 }, (_, i) => message(`m${i}`, `u${i % 5}`, new Date(+ago(20) + i * 1_000)));
  const { world } = worldWith(() => page(said));
  await comparedUntil(ago(30));
  await Promise.all([1, 2, 3].map(() => reconcileChannel(world, 'acme', once)));
  expect((await keys()).sort()).toEqual(said.map(({ id }) => `message:${id}`).sort());
});

test('a day later only what found something is kept, and how far all was well', async () => {
  const { world } = worldWith(() => ({ result: 'account-broken', why: 'a permission is missing' }));
  const day = (days: number, more: object) =>
    db
      .insertInto('reconciliations')
      .values({
        account: 'acme',
        why: 'regular',
        from_at: ago(1_440 * days),
        to_at: ago(1_440 * days),
        ended_at: ago(1_440 * days),
        ...more,
      })
      .execute();
  await day(9, { recovered: 2 });
  await day(8, {});
  await day(7, {});
  await day(6, { problem: 'a permission is missing' });
  await day(5, { why: 'asked' });
  await reconcileChannel(world, 'acme', once);
  const kept = await reports();
  expect(kept.map(({ to_at }) => Math.round((Date.now() - to_at.getTime()) / 86_400_000))).toEqual([9, 7, 0]);
  expect(kept[2]!.from_at.getTime()).toBeLessThan(kept[1]!.to_at.getTime());
});

test('what was said in the last minute is left to its webhook, and found later if none came', async () => {
  const { world } = worldWith(() => page([message('fresh', 'u', new Date(Date.now() - 20_000))]));
  await comparedUntil(ago(30));
  await reconcileChannel(world, 'acme', once);
  expect(await keys()).toEqual([]);
});

test('on demand: so many of so many; it moves nothing for the regular look', async () => {
  const said = Array.from({ length: 12 }, (_, i) => message(`m${i}`, 'u', ago(30 - i)));
  const { world, connected } = worldWith(() => page(said));
  await webhookTold(world, ...said.slice(0, 9));
  expect(await reconcileSince(world, connected, ago(60))).toMatchObject({ seen: 12, known: 9, recovered: 3 });
  expect(await reconcileSince(world, connected, ago(60))).toMatchObject({ seen: 12, known: 12, recovered: 0 });
  expect((await reports()).map(({ why }) => why)).toEqual(['asked', 'asked']);
});

test('a bubble of ours whose fate was not known is recognised by its words, and not taken for somebody else', async () => {
  const customer = await db.insertInto('customers').defaultValues().returning('id').executeTakeFirstOrThrow();
  const place = { account: 'acme', platform_user: 'u9', customer: customer.id };
  const { id: conversation } = await db
    .insertInto('conversations')
    .values(place)
    .returning('id')
    .executeTakeFirstOrThrow();
  const said = {
    conversation,
    kind: 'said' as const,
    author: 'agent' as const,
    parts: '[]',
    detail: '{}',
    occurred_at: ago(21),
  };
  const { id } = await db.insertInto('messages').values(said).returning('id').executeTakeFirstOrThrow();
  const part = (position: number, text: string) => ({
    ...{ message: id, conversation, position, marker: `m${position}`, state: 'unsure' as const, started_at: ago(20) },
    body: JSON.stringify({ type: 'text', text }),
  });
  await db
    .insertInto('reply_parts')
    .values([part(0, 'Your order  left today'), part(1, 'Anything else?')])
    .execute();
  const echo = (mid: string, text: string) =>
    ({
      ...message(mid, 'p', ago(20)),
      type: 'echo',
      user: 'u9',
      parts: [{ type: 'text', text }],
    }) as unknown as InboundEvent;
  const { world, connected } = worldWith(() =>
    page([echo('e1', 'Your order left today'), echo('e2', 'From the inbox')]),
  );
  await comparedUntil(ago(30));
  await reconcileChannel(world, 'acme', once);
  await applyEvents(world as never, connected, 'u9', { limit: 100, trying: () => undefined });
  const parts = await db.selectFrom('reply_parts').select(['state', 'platform_id']).orderBy('position').execute();
  expect(parts).toEqual([
    { state: 'sent', platform_id: 'e1' },
    { state: 'unsure', platform_id: null },
  ]);
  const others = await db.selectFrom('messages').selectAll().where('author', '=', 'inbox').execute();
  expect(others).toMatchObject([{ platform_id: 'e2', late: true, detail: { onlyIfOpen: true, found: 'history' } }]);
});

test('silence is told when it is unusual, once, and ends with the first message', async () => {
  const { world } = worldWith(() => page([]));
  for (let day = 1; day <= 8; day++) {
    const heard = [30, 60, 90].map((minutes) => message(`${day}/${minutes}`, 'u', ago(day * 1_440 + minutes)));
    await webhookTold(world, ...heard);
  }
  await webhookTold(world, message('today', 'u', ago(110)));
  await sql`update events set received_at = occurred_at`.execute(db);
  await watchSilence(world, 'acme');
  expect((await watches(db)).map(({ target, silentSince }) => [target, silentSince?.getTime()])).toEqual([
    ['channel:acme', expect.any(Number)],
  ]);
  await webhookTold(world, message('now', 'u', new Date()));
  await watchSilence(world, 'acme');
  expect((await watches(db))[0]!.silentSince).toBeUndefined();
  await watchSilence(world, 'another');
  expect(await watches(db)).toHaveLength(1);
});

test('the end of an outage of the door is noticed once', async () => {
  let down = false;
  const over: number[] = [];
  const takeIn = noticingOutages(
    async () => {
      if (down) throw new Error('no database');
    },
    () => void over.push(1),
  );
  await takeIn({} as never);
  down = true;
  await expect(takeIn({} as never)).rejects.toThrow('no database');
  await expect(takeIn({} as never)).rejects.toThrow('no database');
  down = false;
  await takeIn({} as never);
  await takeIn({} as never);
  expect(over).toEqual([1]);
});
