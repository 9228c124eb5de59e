import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explain } from '../../src/cli/explain.ts';
import { applyEvents } from '../../src/flows/apply-events.ts';
import type { Meters } from '../../src/flows/meters.ts';
import { channelEvent, makeTakeIn } from '../../src/flows/take-in-webhook.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { silentLog } from '../../src/kit/log.ts';
import type { Tools } from '../../src/kit/tools.ts';
import { asVerified } from '../../src/kit/webhook.ts';
import { noticeRules } from '../../src/main/notice-rules.ts';
import type { Queue } from '../../src/queue/queue.ts';
import { readMapping } from '../../src/settings/mapping.ts';
import { noticesSchema } from '../../src/settings/notices-schema.ts';
import { type SampledChannel, sampledChannels } from '../support/channel-samples.ts';
import { startChannelsDoor } from '../support/channels-door.ts';
import { itemsIn, type RealWebhook, realWebhooks } from '../support/real-webhooks.ts';

const channels = await sampledChannels();
const channelOf = (kind: string) => channels.find((each) => each.kind === kind)!;
const kinds = [...new Set(realWebhooks.map(({ kind }) => kind))];
let door: Awaited<ReturnType<typeof startChannelsDoor>>;
beforeAll(async () => {
  door = await startChannelsDoor(channels, silentLog);
});
afterAll(() => door?.stop());

/** As a webhook's reader tells it, and as JSON keeps it. */
function toldBy({ channel, sample }: SampledChannel, body: Buffer) {
  const received = channel.receive(asVerified(sample.sign(body)), channel.account.parse(sample.account));
  if ('malformed' in received) throw new Error(received.malformed);
  return JSON.parse(JSON.stringify(received.events)) as { type: string; id: string }[];
}

const stored = async () =>
  (await door.db.selectFrom('events').select(['account', 'key', 'outcome', 'body']).orderBy('id').execute()).map(
    ({ body, ...rest }) => ({ ...rest, body: body as { type: string; id: string } }),
  );
const rawBodies = async () =>
  (await door.db.selectFrom('webhooks').select('body').orderBy('id').execute()).map(({ body }) => body);

test('there are bodies for the channels of companies whose samples are public', () => {
  expect(kinds.sort()).toEqual(['instagram', 'line', 'messenger', 'sms', 'wechat', 'whatsapp']);
});

describe.each(kinds)('%s', (kind) => {
  const all = realWebhooks.filter((each) => each.kind === kind);

  test('each body is taken, all it tells is in the ledger as it was read, and a second time all of it is a repeat', async () => {
    const lost: string[] = [];
    for (const webhook of all) lost.push(...(await faultsOf(webhook)));
    expect(lost).toEqual([]);
  }, 60_000);

  test('what each tells can be acted upon: what was said becomes messages', async () => {
    const stuck: string[] = [];
    for (const { from, body } of all) {
      const { applied, said, messages } = await actedUpon(channelOf(kind), body);
      if (messages < said) stuck.push(`${from}: ${messages} messages of ${said}`);
      if (!applied) stuck.push(`${from}: not applied`);
    }
    expect(stuck).toEqual([]);
  }, 60_000);

  test('explain reads each', async () => {
    const unread: string[] = [];
    for (const { from, body } of all) {
      const out: string[] = [];
      const terminal = {
        out: (line: string) => void out.push(line),
        err: (line: string) => void out.push(`! ${line}`),
        read: async () => body,
      };
      const code = await explain({ kind, file: from, json: true }, { [kind]: channelOf(kind).channel }, terminal);
      const events = toldBy(channelOf(kind), body);
      const printed = code === 0 ? out.filter((line) => line !== '').map((line) => JSON.parse(line) as unknown) : out;
      if (JSON.stringify(printed.map(keyOf)) !== JSON.stringify(events.map(keyOf))) unread.push(`${from}: ${out}`);
    }
    expect(unread).toEqual([]);
  });
});

/** A hash stands for an id where the platform gives none; it is made with the account, which `explain` does not know. */
const keyOf = (event: unknown) => {
  const { type, id } = event as { type: string; id: string };
  return [type, /^[0-9a-f]{64}$/.test(id) ? '#' : id];
};

const mapping = (() => {
  const read = readMapping({ path: '/nowhere/mapping.yaml', env: {} });
  if (!read.ok) throw new Error('the default mapping is wrong');
  return { ...read.mapping, tickets: { ...read.mapping.tickets, fromPublicComments: true } };
})();
const queue = { wake: async () => undefined, wakeHeld: async () => undefined } as unknown as Queue;

let accounts = 0;

/** Applies what a body tells as if it were all for one account, which is new. */
async function actedUpon(sampled: SampledChannel, body: Buffer) {
  const { db } = door;
  const id = `acme-${++accounts}`;
  const { channel, sample, kind } = sampled;
  const connected = {
    channel,
    account: { ...channel.account.parse({ ...sample.account, id }), helpdesk: 'desk', crm: 'org' },
  };
  const received = channel.receive(asVerified(sample.sign(body)), connected.account);
  const events = ('events' in received ? received.events : []).map((event) => channelEvent(event, kind, id));
  // Nothing that concerns a customer: it is only kept.
  if (events.every(({ platformUser }) => !platformUser)) return { applied: true, said: 0, messages: 0 };
  const meters = { event: () => undefined, link: () => undefined } as unknown as Meters;
  await makeTakeIn({ db, queue, meters, log: silentLog })({ kind, account: id, source: kind, body, events });
  const notices = noticeRules({ notices: noticesSchema.parse({}) });
  const channels = new Map([[id, connected]]);
  const world = {
    db,
    queue,
    mapping,
    meters,
    channels,
    notices,
    tools: { clock: systemClock, log: silentLog } as Tools,
  };
  for (const user of new Set(events.flatMap(({ platformUser }) => platformUser ?? [])))
    await applyEvents(world, connected, user, { limit: 1_000, trying: () => undefined });
  const waits = await db
    .selectFrom('events')
    .select('id')
    .where('applied_at', 'is', null)
    .where('account', '=', id)
    .execute();
  const messages = await db
    .selectFrom('messages as m')
    .innerJoin('conversations as c', 'c.id', 'm.conversation')
    .select('m.id')
    .where('m.kind', '=', 'said')
    .where('c.account', '=', id)
    .execute();
  const said = new Set(
    events
      .filter(({ platformUser, event: { type } }) => platformUser && ['message', 'postback', 'echo'].includes(type))
      .map(({ event }) => (event as unknown as { id: string }).id),
  ).size;
  return { applied: waits.length === 0, said, messages: messages.length };
}

/** What went wrong with one body, on a ledger of its own: samples share ids among each other. */
async function faultsOf({ kind, from, body }: RealWebhook): Promise<string[]> {
  const faults: string[] = [];
  const should = (what: string, is: unknown, wanted: unknown) => {
    if (JSON.stringify(is) !== JSON.stringify(wanted))
      faults.push(`${from}: ${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(wanted)}`);
  };
  // Quicker than truncating.
  await sql`with gone as (delete from events) delete from webhooks`.execute(door.db);
  const channel = channelOf(kind);
  should('status', await door.post(channel, body), 200);
  const told = toldBy(channel, body);
  const rows = await stored();
  should('items', told.length, itemsIn[kind]!(body));
  should('keys', rows.map(({ key }) => key).sort(), told.map(({ type, id }) => `${type}:${id}`).sort());
  for (const event of told)
    should(
      'event',
      withoutTime(kind, rows.find(({ key }) => key === `${event.type}:${event.id}`)?.body),
      withoutTime(kind, event),
    );
  should('second status', await door.post(channel, body), 200);
  should('rows after a repeat', (await stored()).length, rows.length);
  should(
    'raw bodies',
    (await rawBodies()).map((raw) => Buffer.from(raw).equals(body)),
    [true, true],
  );
  return faults;
}

/** Twilio tells no time: it is that of the arrival. */
const withoutTime = (kind: string, event: object | undefined) =>
  sorted(kind === 'sms' ? { ...event, at: undefined } : event);

/** JSON in Postgres keeps no order of keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
