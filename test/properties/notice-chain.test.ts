import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Channel, ChannelAccount, Outgoing, SendResult } from '../../src/channels/channel.ts';
import { type Duration, days, hours, milliseconds, minutes } from '../../src/domain/duration.ts';
import type { MessageId } from '../../src/domain/ids.ts';
import { done, type Outcome } from '../../src/domain/outcome.ts';
import { planNotice } from '../../src/flows/plan-notice.ts';
import { sendNotices } from '../../src/flows/send-notice.ts';
import { takeReceipt } from '../../src/flows/take-receipt.ts';
import type { ConnectedChannel, World } from '../../src/flows/world.ts';
import { silentLog } from '../../src/kit/log.ts';
import { recordConsent } from '../../src/store/consents.ts';
import { conversationById } from '../../src/store/conversations.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { markApplied } from '../../src/store/events.ts';
import { noticeById } from '../../src/store/notices.ts';
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

/**
 * What a platform does with the one message it is given. `lost`: it takes it, and its answer is lost; `lost-before`: it never got
 * it; `undelivered`: it takes it and gives it up later; `silent`: it takes
 * it, shows it to nobody and never says so; `late`: it delivers in time, and says so hours later.
 */
const behaviours = ['takes', 'refuses', 'busy-once', 'lost', 'lost-before', 'undelivered', 'silent', 'late'] as const;
type Behaviour = (typeof behaviours)[number];
interface Played {
  behaviour: Behaviour;
  /** It tells how long it holds on to a message. */
  lapses: boolean;
  /** It can be asked what became of one. */
  tells: boolean;
}

/** Time as the test moves it; what the platforms showed to the customer. */
class Stage {
  now = new Date();
  shown: { channel: string; marker: string }[] = [];
  asked: { channel: string; at: number }[] = [];
  /** What a platform will tell, and when. */
  words: { at: number; channel: string; marker: string; state: 'delivered' | 'failed' }[] = [];
}

function platform(kind: string, { behaviour, lapses, tells }: Played, stage: Stage): Channel {
  let asked = 0;
  const taken = (marker: string): SendResult => {
    stage.shown.push({ channel: kind, marker });
    return { result: 'sent', id: `m:${marker}` as MessageId };
  };
  const hear = (marker: string, state: 'delivered' | 'failed', after: Duration) =>
    stage.words.push({ at: stage.now.getTime() + after, channel: kind, marker, state });
  const send = async ({ marker }: Outgoing): Promise<SendResult> => {
    asked++;
    stage.asked.push({ channel: kind, at: stage.now.getTime() });
    if (behaviour === 'refuses') return { result: 'never', why: 'refused' };
    if (behaviour === 'busy-once' && asked === 1) return { result: 'later', why: 'busy', for: 'conversation' };
    if (behaviour === 'lost-before' && asked === 1) return { result: 'unsure', why: 'no answer' };
    if (behaviour === 'undelivered') {
      hear(marker, 'failed', minutes(3));
      return { result: 'sent', id: `m:${marker}` as MessageId };
    }
    if (behaviour === 'silent') return { result: 'sent', id: `m:${marker}` as MessageId };
    const result = taken(marker);
    hear(marker, 'delivered', behaviour === 'late' ? hours(5) : minutes(1));
    return behaviour === 'lost' ? { result: 'unsure', why: 'no answer' } : result;
  };
  const lookUpSent = async ({ marker }: { marker: string }): Promise<Outcome<MessageId | undefined>> =>
    done(stage.shown.some((each) => each.marker === marker) ? (`m:${marker}` as MessageId) : undefined);
  return {
    ...{ kind, label: kind, send },
    limits: { textLength: 1000, attachmentBytes: 0, ...(lapses ? { lapses: minutes(30) } : {}) },
    ...(tells ? { lookUpSent } : {}),
  } as unknown as Channel;
}

const healthy: World['health'] = {
  pauseOf: async () => undefined,
  stateOf: async () => undefined,
  answered: async () => undefined,
  failed: async () => undefined,
};

async function worldOf(played: readonly Played[], stage: Stage): Promise<{ world: World; customer: number }> {
  const customer = (await db.insertInto('customers').defaultValues().returning('id').executeTakeFirstOrThrow()).id;
  const channels = new Map<string, ConnectedChannel>();
  for (const [n, each] of played.entries()) {
    const id = `a${n}-${customer}`;
    channels.set(id, {
      channel: platform(`way${n}`, each, stage),
      account: { id, kind: `way${n}` } as unknown as ChannelAccount,
    });
    const user = { account: id, platform_user: `u${customer}`, customer };
    await db
      .insertInto('identities')
      .values({ ...user, evidence: 'shop-api', detail: '{}' })
      .execute();
    await db.insertInto('conversations').values(user).execute();
    const consent = { customer, channel: `way${n}`, purpose: 'order-updates', act: 'granted' } as const;
    await db
      .transaction()
      .execute((tx) => recordConsent(tx, { ...consent, source: 'api', at: stage.now, by: 'shop:s' }));
  }
  const said = {
    language: 'en',
    title: '',
    text: `Shipped ${customer}`,
    choices: [],
    labels: { subtotal: '', shipping: '', tax: '', total: '' },
  };
  const world = {
    ...{ db, channels, helpdesks: new Map(), crms: new Map(), health: healthy, policy: new Map() },
    queue: { wake: async () => undefined },
    meters: { notice: () => undefined, noticeHeld: () => undefined },
    tools: { clock: { now: () => new Date(stage.now), sleep: async () => undefined }, log: silentLog },
    notices: {
      defaultTimeZone: 'UTC',
      caps: [],
      spacing: milliseconds(0),
      sameWithin: milliseconds(0),
      doubleOptIn: [],
      lists: [],
    },
    noticing: {
      texts: { names: ['order.shipped'], render: () => said },
      channels: played.map((_, n) => `way${n}`),
      deliverWithin: minutes(30),
      shopName: 'Shop',
    },
  };
  return { world: world as unknown as World, customer };
}

/** Runs the job and lets time pass until nothing more can happen. */
async function play(world: World, customer: number, stage: Stage): Promise<void> {
  for (let round = 0; round < 60; round++) {
    const left = await sendNotices(world, String(customer));
    const next = Math.min(
      left.left ? stage.now.getTime() + Math.max(left.after, 1_000) : Number.POSITIVE_INFINITY,
      ...stage.words.map(({ at }) => at),
    );
    if (next === Number.POSITIVE_INFINITY) return;
    stage.now = new Date(Math.max(next, stage.now.getTime() + 1));
    await hearWords(world, stage);
  }
  throw new Error('it does not come to an end');
}

async function hearWords(world: World, stage: Stage): Promise<void> {
  const due = stage.words.filter(({ at }) => at <= stage.now.getTime());
  stage.words = stage.words.filter(({ at }) => at > stage.now.getTime());
  for (const { channel, marker, state } of due) {
    const part = await db.selectFrom('reply_parts').selectAll().where('marker', '=', marker).executeTakeFirstOrThrow();
    const conversation = (await conversationById(db, part.conversation))!;
    const connected = [...world.channels.values()].find((each) => each.channel.kind === channel)!;
    const event = {
      type: 'receipt',
      to: 'x',
      id: `${marker}:${state}`,
      of: [`m:${marker}`],
      state,
      at: stage.now,
    } as never;
    await db.transaction().execute((tx) => takeReceipt(tx, world, connected, conversation, event));
  }
}

const way = fc.record({ behaviour: fc.constantFrom(...behaviours), lapses: fc.boolean(), tells: fc.boolean() });

test('however the platforms behave, a notice is shown at most once, and by the first way that takes it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(way, { minLength: 1, maxLength: 4 }), async (played) => {
      const stage = new Stage();
      const { world, customer } = await worldOf(played, stage);
      const id = await plan(world, customer, stage);
      await play(world, customer, stage);
      expect(stage.shown.length).toBeLessThanOrEqual(1);
      const notice = (await noticeById(db, id))!;
      expect(['sent', 'delivered', 'failed']).toContain(notice.state);
      // Nobody goes without who could have been told: each way before the one that took it surely did not.
      const goesOn = ({ behaviour }: Played) => behaviour === 'refuses' || behaviour === 'undelivered';
      const endsUnknown = ({ behaviour, tells }: Played) =>
        behaviour === 'silent' || (behaviour === 'lost-before' && !tells);
      const reached = played.findIndex((each) => !goesOn(each));
      if (reached === -1) expect(notice.state).toBe('failed');
      else if (endsUnknown(played[reached]!)) expect(stage.shown).toEqual([]);
      else expect(stage.shown.map(({ channel }) => channel)).toEqual([`way${reached}`]);
      // No way is asked after one that took it, or may have.
      const last = reached === -1 ? played.length - 1 : reached;
      expect(stage.asked.every(({ channel }) => Number(channel.slice(3)) <= last)).toBe(true);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('one that was held or ended while it was judged does not begin', async () => {
  for (const state of ['held', 'replaced'] as const) {
    const stage = new Stage();
    const { world, customer } = await worldOf([{ behaviour: 'takes', lapses: true, tells: true }], stage);
    const id = await plan(world, customer, stage);
    const pauseOf = async () => {
      await db.updateTable('notices').set({ state }).where('id', '=', id).execute();
      return undefined;
    };
    expect(await sendNotices({ ...world, health: { ...healthy, pauseOf } }, String(customer))).toEqual({ left: false });
    expect(stage.asked).toEqual([]);
    expect(await noticeById(db, id)).toMatchObject({ state, message: undefined });
  }
});

test('what the customer said a moment ago is taken in before anything goes out: it may be STOP', async () => {
  const stage = new Stage();
  const { world, customer } = await worldOf([{ behaviour: 'takes', lapses: true, tells: true }], stage);
  await plan(world, customer, stage);
  const said = { account: `a0-${customer}`, key: `message:${customer}`, type: 'message', outcome: 'taken' } as const;
  const event = await db
    .insertInto('events')
    .values({ ...said, webhook: 0, platform_user: `u${customer}`, occurred_at: stage.now, body: '{}' })
    .returning('id')
    .executeTakeFirstOrThrow();
  expect(await sendNotices(world, String(customer))).toMatchObject({ left: true });
  expect(stage.asked).toEqual([]);
  await db.transaction().execute((tx) => markApplied(tx, [event.id]));
  stage.now = new Date(stage.now.getTime() + 3_000);
  await sendNotices(world, String(customer));
  expect(stage.asked).toHaveLength(1);
});

/** A notice that is due. */
async function plan(world: World, customer: number, stage: Stage): Promise<number> {
  const id = await db.transaction().execute((tx) =>
    planNotice(tx, world, {
      ...{ customer, purpose: 'order-updates', priority: 'normal', event: 'order.shipped' },
      expiresAt: new Date(stage.now.getTime() + days(3)),
    }),
  );
  stage.now = new Date(stage.now.getTime() + 1_000);
  return id!;
}
