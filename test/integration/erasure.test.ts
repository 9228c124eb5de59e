import { createHmac } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noteForShop } from '../../src/flows/note-for-shop.ts';
import { appUserOf } from '../../src/sandbox/messenger/graph-api.ts';
import { recordConsent } from '../../src/store/consents.ts';
import { erasedTables } from '../../src/store/erase-rows.ts';
import { placesWith, tablesWith, vaultWith } from '../support/canaries.ts';
import { commandLine } from '../support/command-line.ts';
import { deliver, item } from '../support/meta-webhook.ts';
import { messengerAccount, type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const key = 'a-key-for-privacy-0123456789';
let product: Product;
beforeAll(async () => {
  const keys = [{ name: 'dpo', key, scopes: ['privacy', 'links', 'customers:write', 'customers:read'] }];
  const hook = { id: 'shop', url: 'http://127.0.0.1:9/', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
  product = await startProduct({ settings: { api: { keys }, shop: { webhooks: [hook] } } });
});
afterAll(() => product?.stop());

const passerelle = (...args: string[]) => commandLine(product.file, product.databaseUrl, args);
const post = (...items: Record<string, unknown>[]) => deliver(product.url, items);
const ask = async (method: string, path: string, body?: object) => {
  const response = await fetch(`${product.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
};
const ticketsOf = (psid: string) =>
  product.zendesk.tickets().filter(({ requester }) => requester.externalId?.endsWith(`:${psid}`));
const historyOf = (word: string) =>
  product.salesforce.records('Task').filter(({ Description: text }) => String(text).includes(word)).length;
const customerOf = async (psid: string): Promise<number> =>
  (
    await product.db
      .selectFrom('conversations')
      .select('customer')
      .where('platform_user', '=', psid)
      .executeTakeFirstOrThrow()
  ).customer;
const quiet = () =>
  until('nothing waits', async () => {
    const { rows } = await sql`select 1 from deliveries where state = 'waiting' union all
      select 1 from media where state = 'waiting' limit 1`.execute(product.db);
    return rows.length === 0;
  });

interface Receipt {
  state: string;
  steps: { place: string; what: string; state: string; count: number; reason?: string }[];
}
const ended = (code: string) =>
  until('the erasure', async () => {
    const { body } = await ask('GET', `/v1/erasures/${code}`);
    const receipt = body as unknown as Receipt;
    return receipt.state === 'done' || receipt.state === 'incomplete' ? receipt : undefined;
  });

/** Somebody with traces at every place: each word of theirs is sought afterwards. */
async function somebody(psid: string, word: string) {
  product.messenger.addCustomer({ psid, name: `${word} Name` });
  const email = `${word.toLowerCase()}@example.com`;
  const shopId = `${word}-shop-1`;
  const made = await ask('POST', '/v1/links', { customerId: shopId, email, name: `${word} Link` });
  const token = (made.body as unknown as { token: string }).token;
  const first = item(psid, { message: { mid: `m_${word}_1`, text: `${word} says, write to other-${email}` } });
  await post(item(psid, { referral: { ref: token, source: 'SHORTLINK', type: 'OPEN_THREAD' } }), first);
  await post(first);
  await post(item(psid, { something_new: { of: `${word} unsupported` } }));
  const bytes = Buffer.from(`${word} in a file`);
  await product.messenger.customerSends(psid, {
    type: 'file',
    files: [{ name: `${word}.txt`, contentType: 'text/plain', bytes }],
    text: `${word} about the file`,
  });
  const ticket = await until('the ticket with its file', () =>
    ticketsOf(psid).find(({ comments }) => comments.some(({ attachments }) => attachments.length > 0)),
  );
  await product.zendesk.agentComments(ticket.id, { html: `<p>Dear ${word}, it is on its way</p>`, public: true });
  await until('the reply', () =>
    product.messenger.threads().some((thread) => thread.bubbles.some(({ text }) => text?.includes(`Dear ${word}`))),
  );
  await post(item(psid, { reaction: { mid: `m_${word}_1`, action: 'react', emoji: '🍍' } }));
  await until('the note', () =>
    ticketsOf(psid).some(({ comments }) => comments.some(({ body }) => /reacted/.test(body))),
  );
  await until('its history', () => historyOf(`Dear ${word}`));
  await quiet();
  const customer = await customerOf(psid);
  await product.db.transaction().execute(async (tx) => {
    const consent = { customer, channel: 'messenger', purpose: 'marketing', by: 'shop:acme', source: 'api' } as const;
    const words = `Yes, tell ${email} of offers`;
    await recordConsent(tx, { ...consent, act: 'granted', words, at: new Date('2026-01-01'), requestId: word });
    await recordConsent(tx, { ...consent, act: 'revoked', words: 'STOP', at: new Date('2026-02-01') });
    await noteForShop(tx, { kind: 'consent.changed', ...consent, state: 'revoked', source: word, at: new Date() });
  });
  return { psid, word, email, shopId, first, customer };
}

test('of somebody who is erased nothing is left anywhere, others keep everything, and a repeat brings nothing back', async () => {
  const gone = await somebody('7712004518231', 'Kanarienvogel');
  const stays = await somebody('7712004518299', 'Nachtigall');
  const words = [gone.word, gone.psid, gone.email];
  expect(await tablesWith(product, words)).not.toEqual([]);
  expect(placesWith(product, words)).not.toEqual([]);
  const before = await tablesWith(product, [stays.word]);
  const tickets = ticketsOf(stays.psid);

  const dry = await passerelle('erase-customer', '--email', gone.email);
  expect(dry).toMatchObject({ code: 0, out: expect.stringContaining(`Customer ${gone.customer} would be forgotten`) });
  const erased = await ask('POST', `/v1/customers/${gone.customer}/erase`);
  expect(erased.status).toBe(202);
  expect((await ask('POST', `/v1/customers/${gone.customer}/erase`)).status).toBe(404);
  const receipt = await ended(String(erased.body['code']));
  expect(receipt.steps.filter(({ state }) => state !== 'done')).toEqual([]);
  expect(receipt.state).toBe('done');
  expect(receipt.steps.map(({ place, what }) => `${place} ${what}`)).toEqual(
    expect.arrayContaining([
      ...['ledger rows', 'ledger raw webhooks', 'ledger kept events', 'vault files'],
      ...['helpdesk:acme-zendesk ticket', 'helpdesk:acme-zendesk person'],
      ...['crm:acme-salesforce history', 'crm:acme-salesforce contact'],
    ]),
  );
  await until('the database without them', async () => (await tablesWith(product, words)).length === 0, 90_000);
  expect(placesWith(product, words)).toEqual([]);
  expect(await vaultWith(product, words)).toEqual([]);
  expect(await tablesWith(product, [stays.word])).toEqual(before);
  expect(ticketsOf(stays.psid)).toEqual(tickets);
  expect(await vaultWith(product, [stays.word])).toEqual([stays.word]);

  await post(gone.first);
  await post(item(stays.psid, { message: { mid: 'm_after', text: 'Nachtigall sings' } }));
  await until('what another wrote', () => historyOf('Nachtigall sings'));
  await quiet();
  // The job that dropped it is named after them until pg-boss deletes it.
  expect((await tablesWith(product, words)).filter((each) => !each.startsWith('pgboss.'))).toEqual([]);
  expect(placesWith(product, words)).toEqual([]);

  const proof = await passerelle('erasures', 'proof', gone.email, '--json');
  expect(
    proof.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    expect.objectContaining({ act: 'granted', purpose: 'marketing', words: null, at: '2026-01-01T00:00:00.000Z' }),
    expect.objectContaining({ act: 'revoked', purpose: 'marketing', words: 'STOP' }),
  ]);
  expect((await passerelle('erasures', 'proof', stays.email)).code).toBe(1);

  product.messenger.addCustomer({ psid: gone.psid, name: 'Somebody new' });
  await product.messenger.customerSends(gone.psid, { type: 'text', text: 'Hello again' });
  const ticket = await until('a ticket as of somebody new', () => ticketsOf(gone.psid)[0]);
  expect(ticket.comments).toHaveLength(1);
  expect(await customerOf(gone.psid)).toBeGreaterThan(gone.customer);
  await until('its history', () => historyOf('Hello again'));
}, 120_000);

test('what cannot be done is told, and tried again when it can', async () => {
  const one = await somebody('7712004518311', 'Blaumeise');
  product.zendesk.permitRedacting(false);
  const { out } = await passerelle('erase-customer', '--account', 'acme-page', '--user', one.psid, '--yes', '--json');
  const { code } = JSON.parse(out) as { code: string };
  const refused = await ended(code);
  expect(refused.state).toBe('incomplete');
  expect(refused.steps.filter(({ state }) => state === 'refused').map(({ reason }) => reason)).toEqual([
    expect.stringContaining('does not let this user delete'),
    expect.stringContaining('does not let this user delete'),
  ]);
  expect((await passerelle('erasures', 'show', code)).code).toBe(1);
  product.zendesk.permitRedacting(true);
  expect((await passerelle('erasures', 'retry', code)).out).toBe('2 steps are tried once more.\n');
  await until('all of it done', async () => (await ended(code)).state === 'done');
  expect(placesWith(product, [one.word])).toEqual([]);
  expect((await passerelle('erasures', 'list')).out).toContain(code);
});

test('several who may be meant are told, and none is chosen', async () => {
  for (const psid of ['7712004518401', '7712004518402']) {
    product.messenger.addCustomer({ psid, name: 'Twin' });
    await post(item(psid, { message: { mid: `m_${psid}`, text: 'I am twin@example.com' } }));
    await until(
      'the fact',
      async () => (await sql`select 1 from facts where platform_user = ${psid}`.execute(product.db)).rows[0],
    );
  }
  const both = [await customerOf('7712004518401'), await customerOf('7712004518402')];
  const { code, err } = await passerelle('erase-customer', '--email', 'twin@example.com', '--yes');
  expect([code, err]).toEqual([1, `That may be any of customers ${both.join(', ')}: say which, by --customer.\n`]);
  expect(await ask('POST', '/v1/customers/find', { email: 'Twin@Example.com' })).toEqual({
    status: 200,
    body: { customers: both },
  });
  expect((await passerelle('erase-customer', '--email', 'a@b.example', '--phone', '+4790000000')).code).toBe(2);
  expect((await passerelle('erase-customer', '--phone', '+4790000001')).err).toBe('Nobody is known by that.\n');
});

test('an export holds what was said, what is known, and the files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-export-'));
  try {
    const one = await somebody('7712004518501', 'Zaunkoenig');
    const out = join(folder, 'all.json');
    const done = await passerelle(
      ...['export-customer', '--shop-customer', one.shopId, '--out', out, '--files', join(folder, 'files')],
    );
    expect(done).toMatchObject({ code: 0, out: '', err: '' });
    const exported = JSON.parse(await readFile(out, 'utf8')) as {
      ledger: Record<string, Record<string, never>[]>;
      elsewhere: object[];
    };
    expect(JSON.stringify(exported.ledger['messages'])).toContain('Dear Zaunkoenig');
    expect(exported.ledger['facts']?.map(({ value }) => value)).toEqual(
      expect.arrayContaining([one.email, one.shopId]),
    );
    expect(exported.elsewhere).toEqual([
      { place: 'helpdesk:acme-zendesk', what: 'ticket', id: String(ticketsOf(one.psid)[0]!.id) },
      { place: 'helpdesk:acme-zendesk', what: 'user', id: expect.stringMatching(/^\d+$/) },
      { place: 'crm:acme-salesforce', what: 'contact', id: expect.stringMatching(/^003/) },
      { place: 'crm:acme-salesforce', what: 'history', id: expect.stringMatching(/^00T/) },
    ]);
    expect(JSON.stringify(exported)).not.toMatch(/token_digest|answer_token\W/);
    const [file] = await readdir(join(folder, 'files'));
    expect(await readFile(join(folder, 'files', file!), 'utf8')).toBe('Zaunkoenig in a file');
    const asked = await ask('POST', `/v1/customers/${one.customer}/export`);
    expect(asked.status).toBe(200);
    expect(Object.keys(asked.body)).toEqual(['customer', 'exportedAt', 'users', 'ledger', 'files', 'elsewhere']);
    expect((await ask('POST', '/v1/customers/999999/export')).status).toBe(404);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

const metaSays = (callback: string, told: object, secret = messengerAccount.appSecret) => {
  const payload = Buffer.from(JSON.stringify({ issued_at: 1_790_000_000, ...told })).toString('base64url');
  const signature = createHmac('sha256', secret).update(payload).digest('base64url');
  return fetch(`${product.url}/privacy/messenger/${callback}`, {
    method: 'POST',
    body: new URLSearchParams({ signed_request: `${signature}.${payload}` }),
  });
};
const signedRequest = (user: string, secret?: string, algorithm = 'HMAC-SHA256') =>
  metaSays('deletion', { user_id: user, algorithm }, secret);

test('a platform asks to delete: whom it means is found by its own id of them, and they can see how far it is', async () => {
  const one = await somebody('7712004518601', 'Rotkehlchen');
  const answered = await signedRequest(appUserOf(one.psid));
  expect(answered.status).toBe(200);
  const { url, confirmation_code: code } = (await answered.json()) as { url: string; confirmation_code: string };
  expect(url).toBe(`${product.url}/privacy/deletions/${code}`);
  expect((await ended(code)).state).toBe('done');
  const page = await fetch(url);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const text = await page.text();
  expect(text).toContain('All data we held about you is deleted');
  for (const word of [one.word, one.psid, one.email, 'acme']) expect(text).not.toContain(word);
  expect(placesWith(product, [one.word, one.psid])).toEqual([]);
  await until('the database too', async () => (await tablesWith(product, [one.word])).length === 0, 90_000);
}, 120_000);

test('of somebody nobody knows that is said, and a forged request begins nothing', async () => {
  const { confirmation_code: code } = (await (await signedRequest('1009')).json()) as { confirmation_code: string };
  expect((await ended(code)).steps).toEqual([expect.objectContaining({ what: 'identity', count: 0 })]);
  expect((await signedRequest('1009', 'another secret')).status).toBe(401);
  expect((await signedRequest('1009', messengerAccount.appSecret, 'none')).status).toBe(401);
  expect((await fetch(`${product.url}/privacy/messenger/deletion`, { method: 'POST', body: 'x' })).status).toBe(401);
  expect((await fetch(`${product.url}/privacy/parrot/deletion`, { method: 'POST' })).status).toBe(404);
  expect((await fetch(`${product.url}/privacy/deletions/NOSUCHCODE`)).status).toBe(404);
});

test('when somebody takes access away from the app, it is looked at once what no longer works, and told', async () => {
  const page = { algorithm: 'HMAC-SHA256', user_id: 0, profile_id: messengerAccount.pageId };
  product.messenger.expireToken(true);
  try {
    expect((await metaSays('deauthorize', page, 'another secret')).status).toBe(401);
    expect((await metaSays('deauthorize', page)).status).toBe(200);
    await until('it is told', async () => {
      const { subscriptions } = (await (await fetch(`${product.url}/health/ready`)).json()) as {
        subscriptions: { target: string; why?: string }[];
      };
      return subscriptions.some(({ target, why }) => target === 'channel:acme-page' && why?.includes('token'));
    });
    const acts = product.db.selectFrom('audit').select(['who', 'subject']).where('what', '=', 'access-removed');
    expect(await acts.execute()).toEqual([{ who: 'platform:messenger', subject: 'acme-page' }]);
  } finally {
    product.messenger.expireToken(false);
  }
});

test('every table that names somebody is erased from', async () => {
  const { rows } = await sql<{ name: string }>`
    select distinct table_name as name from information_schema.columns
    where table_schema = 'public' and column_name in ('customer', 'conversation', 'message', 'platform_user')`.execute(
    product.db,
  );
  const erased = new Set(erasedTables.map(([table]) => table));
  // Ends with the messages, whose number alone it holds; says whom it was about by a number that is nobody's any more.
  const others = ['published_files', 'erasures'];
  expect(rows.map(({ name }) => name).filter((name) => !erased.has(name) && !others.includes(name))).toEqual([]);
});

test('what is left when the service stops is done when it is back', async () => {
  const one = await somebody('7712004518701', 'Wintergoldhaehnchen');
  product.zendesk.inject({ kind: '503', times: 1_000 });
  const { out } = await passerelle('erase-customer', '--customer', String(one.customer), '--yes', '--json');
  const { code } = JSON.parse(out) as { code: string };
  const receipt = async () => JSON.parse((await passerelle('erasures', 'show', code, '--json')).out) as Receipt;
  await until('the rest', async () => (await receipt()).steps.filter(({ state }) => state === 'waiting').length === 3);
  await product.stopService();
  expect(placesWith(product, [one.word])).not.toEqual([]);
  product.zendesk.clearFaults();
  await product.startAgain();
  await until('all of it', async () => (await receipt()).state === 'done', 60_000);
  expect(placesWith(product, [one.word])).toEqual([]);
}, 120_000);
