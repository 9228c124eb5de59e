import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seconds } from '../../src/domain/duration.ts';
import { channelTarget } from '../../src/domain/target.ts';
import { messenger } from '../../src/sandbox/channels.ts';
import type { RunningMessengerSimulator } from '../../src/sandbox/messenger/simulator.ts';
import { openDatabase } from '../../src/store/database.ts';
import { markWaiting } from '../../src/store/target-states.ts';
import { saveSilence } from '../../src/store/watches.ts';
import { type ChannelProduct, startChannelProduct } from '../support/channel-product.ts';
import { commandLine } from '../support/command-line.ts';
import { freshDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';

let product: ChannelProduct;
let hook: string;
beforeAll(async () => {
  product = await startChannelProduct(messenger);
  hook = `${product.url}/webhooks/zendesk/acme-zendesk`;
});
afterAll(() => product?.stop());

const page = () => product.platform as unknown as RunningMessengerSimulator;

interface Told {
  account: string;
  ok: boolean;
  warning?: true;
  what: string;
  why?: string;
  matters?: string;
  fix?: string;
  mended?: string;
}

async function doctor(args: string[] = [], file = product.file, database = product.databaseUrl) {
  const { code, out } = await commandLine(file, database, ['doctor', '--json', ...args]);
  const told = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);
  return { code, told, bad: told.filter(({ ok }) => !ok), mended: told.flatMap(({ mended }) => mended ?? []) };
}

/** The configuration with something in it changed. */
async function changed(from: string | RegExp, to: string): Promise<string> {
  const file = join(dirname(product.file), 'changed.yaml');
  const text = await readFile(product.file, 'utf8');
  const next = text.replace(from, to);
  if (next === text) throw new Error(`there is no ${from} in the configuration`);
  await writeFile(file, next);
  return file;
}

test('all is well; what holds only for now is said', async () => {
  const { code, bad, told } = await doctor();
  expect([code, bad]).toEqual([0, []]);
  expect(told.filter(({ warning }) => warning).map(({ what }) => what)).toEqual([
    // Made by hand, and on this machine alone.
    'set up as `passerelle provision` would',
    'public address',
  ]);
  const accounts = ['acme-messenger', 'acme-zendesk', 'service', 'database', 'media'];
  expect([...new Set(told.map(({ account }) => account))]).toEqual(accounts);
  expect(told.map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      'page token',
      'Zendesk webhook secret',
      'Zendesk webhook as Zendesk reaches it',
      'the service answers by its public address',
      'clock of this machine',
      'connections to the database',
    ]),
  );
});

test('the service tells the same at /health/detail, without asking the platforms each time', async () => {
  const detail = async () =>
    (await (await fetch(`${product.url}/health/detail`)).json()) as { checkedAt: string | null; findings: Told[] };
  expect((await fetch(`${product.url}/health/detail`)).status).toBe(200);
  const found = await until('what was found', async () => {
    const now = await detail();
    return now.checkedAt === null ? undefined : now;
  });
  const { told } = await doctor();
  const whats = (list: Told[]) => list.map(({ account, what, ok }) => `${account} ${what} ${ok}`).sort();
  expect(whats(found.findings)).toEqual(whats(told));
  const asked = product.zendesk.requests.length;
  expect(await detail()).toEqual(found);
  expect(product.zendesk.requests).toHaveLength(asked);
});

test('for people: what, why it matters, what to do, and how much of it there is', async () => {
  page().expireToken(true);
  const { code, out, err } = await commandLine(product.file, product.databaseUrl, ['doctor']);
  page().expireToken(false);
  expect([code, err]).toEqual([1, '']);
  expect(out).toMatch(/^acme-messenger \(messenger\)\n {2}✗ page token: .*\n {6}Without it .*\n {6}→ Make a page/);
  expect(out).toMatch(/\n1 thing needs mending\. 2 things are worth a look\.\n$/);
  const asked = await commandLine(product.file, product.databaseUrl, ['doctor'], true);
  expect(asked.err).toMatch(/^1 of \d+: /);
});

interface Fault {
  fault: string;
  make(): void;
  /** What is told of it. */
  what: RegExp;
  why: RegExp;
  /** How it is mended: by --fix, or by hand. */
  mend: '--fix' | (() => void);
}

const faults: Fault[] = [
  {
    fault: 'a dead token',
    make: () => page().expireToken(true),
    what: /^page token$/,
    why: /./,
    mend: () => page().expireToken(false),
  },
  {
    fault: 'a permission that is missing',
    make: () => page().changeToken({ scopes: ['pages_messaging', 'pages_read_engagement'] }),
    what: /^permissions of the page token$/,
    why: /missing: pages_manage_metadata/,
    mend: () => page().changeToken({ scopes: ['pages_messaging', 'pages_read_engagement', 'pages_manage_metadata'] }),
  },
  {
    fault: 'a page that sends nothing',
    make: () => page().unsubscribe(),
    what: /^webhook subscription$/,
    why: /does not send/,
    mend: '--fix',
  },
  {
    fault: 'a webhook that somebody switched off',
    make: () => product.zendesk.setCallback('webhook-inactive'),
    what: /^Zendesk webhook and trigger$/,
    why: /inactive/,
    mend: '--fix',
  },
  {
    fault: 'a trigger that somebody deleted',
    make: () => {
      product.zendesk.setCallback('trigger-deleted');
      for (const { id } of product.zendesk.rules('triggers')) product.zendesk.removeRule('triggers', id);
    },
    what: /^Zendesk webhook and trigger$/,
    why: /No trigger/,
    mend: '--fix',
  },
  {
    fault: 'a webhook that is gone',
    make: () => {
      product.zendesk.reset();
      product.zendesk.setWebhookUrl(undefined);
    },
    what: /^Zendesk webhook and trigger$/,
    why: /has no webhook/,
    mend: '--fix',
  },
  {
    fault: 'a login that is no agent',
    make: () => product.zendesk.setRole('end-user'),
    what: /^Zendesk role$/,
    why: /end-user/,
    mend: () => product.zendesk.setRole('admin'),
  },
  {
    fault: 'a secret that was reset',
    make: () => void product.zendesk.resetSecret(product.zendesk.hooks()[0]!.id),
    what: /^Zendesk webhook secret$/,
    why: /not what the webhook signs with/,
    mend: () => {
      product.zendesk.reset();
      product.zendesk.setWebhookUrl(hook);
    },
  },
  {
    fault: 'a platform that does not answer',
    make: () => product.zendesk.inject({ kind: 'timeout-before', path: '/users/me', times: 2, delayMs: 4_000 }),
    what: /Zendesk/,
    why: /no answer within 1 s/,
    mend: () => product.zendesk.clearFaults(),
  },
];

test.each(faults.map((each) => [each.fault, each] as const))('%s is told, mended, and then gone', async (_, fault) => {
  fault.make();
  const args = /within 1 s/.test(fault.why.source) ? ['--timeout', '1'] : [];
  const { code, bad } = await doctor(args);
  expect(code).toBe(1);
  const told = bad.find(({ what, why }) => fault.what.test(what) && fault.why.test(why ?? ''));
  expect(told).toMatchObject({ matters: expect.stringMatching(/\.$/), fix: expect.any(String) });
  if (fault.mend === '--fix') {
    const fixed = await doctor(['--fix']);
    expect(fixed).toMatchObject({ code: 0, bad: [], mended: expect.arrayContaining([expect.any(String)]) });
    // Several checks may ask for the same mending; it is done once.
    expect(product.zendesk.hooks()).toHaveLength(1);
    const titles = product.zendesk.rules('macros').map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  } else fault.mend();
  expect((await doctor()).bad).toEqual([]);
});

test('what the ledger knows: work that waits, conversations that another app owns, an unusual silence', async () => {
  const { db } = product;
  product.platform.addCustomer({ user: messenger.user(7), name: 'Ida Berg' });
  await product.platform.customerSends(messenger.user(7), { type: 'text', text: 'Hello' });
  await until('a conversation', () => db.selectFrom('conversations').select('id').executeTakeFirst());
  await page().passThread(messenger.user(7), '263902037430900');
  await until('that it is elsewhere', () =>
    db.selectFrom('conversations').select('id').where('elsewhere_since', 'is not', null).executeTakeFirst(),
  );
  await saveSilence(db, channelTarget('acme-messenger'), new Date('2026-11-20T10:00:00Z'));
  await markWaiting(db, channelTarget('acme-messenger'), 'broken', 'the token died', seconds(3_600));
  const { told } = await doctor();
  for (const expected of [
    { ok: false, what: expect.stringContaining('work for channel:acme-messenger waits'), why: 'the token died' },
    {
      warning: true,
      what: 'who owns the conversations of acme-messenger',
      why: expect.stringContaining('1 of the last week is owned'),
    },
    { warning: true, what: 'channel:acme-messenger is silent', why: expect.stringContaining('2026-11-20T10:00') },
  ])
    expect(told).toContainEqual(
      expect.objectContaining({
        ...expected,
        account: 'database',
        matters: expect.any(String),
        fix: expect.any(String),
      }),
    );
  await page().passThread(messenger.user(7));
  await until(
    'that it is here again',
    async () =>
      !(await db.selectFrom('conversations').select('id').where('elsewhere_since', 'is not', null).executeTakeFirst()),
  );
  await saveSilence(db, channelTarget('acme-messenger'), undefined);
  await db.deleteFrom('target_states').execute();
  expect((await doctor()).bad).toEqual([]);
});

describe('of the configuration', () => {
  const cases: [string, string | RegExp, string, Partial<Record<keyof Told, unknown>>][] = [
    [
      'another secret than the running service has',
      'webhookSecret: zd-webhook-secret',
      'webhookSecret: another',
      { ok: false, why: expect.stringContaining('another configuration') },
    ],
    [
      'an address at which nobody is',
      /publicUrl: .*/,
      'publicUrl: http://127.0.0.1:9',
      { ok: false, what: 'the service answers by its public address', why: expect.stringContaining('ECONNREFUSED') },
    ],
    [
      'a version that has ended',
      /(kind: messenger\n)/,
      '$1    apiVersion: v20.0\n',
      {
        ok: false,
        what: 'Graph API, v20.0',
        why: 'it ended on 2026-09-24',
        fix: expect.stringContaining('apiVersion'),
      },
    ],
    [
      'a field of tickets that is not there',
      'webhookSecret: zd-webhook-secret',
      'webhookSecret: zd-webhook-secret\n    answerUntilField: 77',
      { ok: false, what: expect.stringContaining('until when'), fix: expect.stringContaining('answerUntilField') },
    ],
    [
      'a channel without a helpdesk',
      /^ +helpdesk: acme-zendesk\n/m,
      '',
      { ok: true, warning: true, what: 'channel acme-messenger', why: expect.stringContaining('read by nobody') },
    ],
    [
      'a helpdesk that no channel names',
      /^ +helpdesk: acme-zendesk\n/m,
      '',
      { ok: true, warning: true, what: 'account acme-zendesk', why: 'no channel names it' },
    ],
    [
      'a folder for files that cannot be one',
      /dir: .*/,
      `dir: ${import.meta.filename}/files`,
      { ok: false, account: 'media', matters: expect.stringContaining('files') },
    ],
  ];
  test.each(cases)('%s is told', async (_, from, to, expected) => {
    const { told } = await doctor([], await changed(from, to));
    expect(told).toContainEqual(expect.objectContaining(expected));
  });
});

test('tables of an older version are told, brought up to date, and then fine', async () => {
  const database = await freshDatabase();
  const db = openDatabase(database.url, 1);
  await sql`drop schema public cascade`.execute(db);
  await sql`create schema public`.execute(db);
  await db.destroy();
  const before = await doctor([], product.file, database.url);
  expect(before.bad).toMatchObject([{ account: 'database', why: expect.stringContaining('not there yet: 0001') }]);
  const fixed = await doctor(['--fix'], product.file, database.url);
  expect(fixed).toMatchObject({ bad: [], mended: expect.arrayContaining(['tables brought up to date']) });
  await database.drop();
});

test('a database that is away is told, and the rest all the same', async () => {
  const { code, bad, told } = await doctor([], product.file, 'postgres://nobody:x@127.0.0.1:9/none');
  expect([code, bad.map(({ account }) => account)]).toEqual([1, ['database']]);
  expect(told.length).toBeGreaterThan(10);
});

test.each([
  ['--timeout', '0'],
  ['--timeout', 'soon'],
])('%s %s: wrong usage', async (...args) => {
  const { code, err } = await commandLine(product.file, product.databaseUrl, ['doctor', ...args]);
  expect([code, err]).toEqual([2, expect.stringContaining('--timeout')]);
});
