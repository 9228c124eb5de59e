import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from '../support/command-line.ts';
import { deliver, item } from '../support/meta-webhook.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct({ mapping: { tickets: { unsend: 'redact' } } });
});
afterAll(() => product?.stop());

const passerelle = (...args: string[]) => commandLine(product.file, product.databaseUrl, args);
const post = (...items: Record<string, unknown>[]) => deliver(product.url, items);
const ticketsOf = (psid: string) =>
  product.zendesk.tickets().filter(({ requester }) => requester.externalId?.endsWith(`:${psid}`));
const shownOf = (psid: string) =>
  ticketsOf(psid)
    .flatMap(({ comments }) => comments)
    .map(({ body }) => body)
    .join('\n---\n');
const historyOf = (word: string) =>
  product.salesforce.records('Task').filter(({ Description: text }) => String(text).includes(word)).length;
const message = async (platformId: string) =>
  (
    await product.db
      .selectFrom('messages')
      .select(['id', 'conversation'])
      .where('platform_id', '=', platformId)
      .executeTakeFirstOrThrow()
  ).id;
const conversation = async (psid: string) =>
  (
    await product.db
      .selectFrom('conversations')
      .select('id')
      .where('platform_user', '=', psid)
      .executeTakeFirstOrThrow()
  ).id;
const parked = async () =>
  product.db
    .selectFrom('deliveries as d')
    .innerJoin('messages as m', 'm.id', 'd.message')
    .select(['d.message', 'd.target', 'd.reason'])
    .where('d.state', '=', 'parked')
    .where('m.kind', '=', 'redaction')
    .execute();
const waits = async () =>
  (await product.db.selectFrom('deliveries').select('message').where('state', '=', 'waiting').execute()).length;

/** Every row of every table that holds the word, in whatever column, and every raw body. */
async function tablesWith(word: string): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_schema in ('public', 'pgboss') and table_type = 'BASE TABLE'`.execute(product.db);
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from ${sql.raw(name)} t where position(${word} in t::text) > 0`.execute(product.db);
    if (rows[0]!.n > 0) found.push(name);
  }
  const raw = await sql<{ n: number }>`
    select count(*)::int as n from webhooks where position(convert_to(${word}, 'UTF8') in body) > 0`.execute(
    product.db,
  );
  return raw.rows[0]!.n > 0 ? [...found, 'webhooks.body'] : found;
}

const vaultFiles = async () => {
  const all = await readdir(join(product.folder, 'media'), { recursive: true, withFileTypes: true });
  return Promise.all(
    all.filter((each) => each.isFile()).map((each) => readFile(join(each.parentPath, each.name), 'utf8')),
  );
};

test('one message of a comment that holds several is removed everywhere, with every quote of it, and a repeat does not bring it back', async () => {
  const psid = '7101';
  product.messenger.addCustomer({ psid, name: 'Ada' });
  const secret = item(psid, {
    message: { mid: 'm_secret/7101', text: 'My <b>card</b> is ANANAS-4711 & https://ananas.example/x' },
  });
  const before = item(psid, { message: { mid: 'm_before', text: 'First of all' } });
  const after = item(psid, { message: { mid: 'm_after', text: 'That was all' } });
  await post(before, secret, after);
  await post(secret);
  await until('the ticket', () => shownOf(psid).includes('That was all'));
  await post(
    item(psid, { message: { mid: 'm_answer', text: 'I meant this one', reply_to: { mid: 'm_secret/7101' } } }),
  );
  await post(item(psid, { reaction: { mid: 'm_secret/7101', action: 'react', emoji: '🍍' } }));
  await until('the answer and the note', () => /meant this/.test(shownOf(psid)) && /reacted/.test(shownOf(psid)));
  await until('its history', () => historyOf('ANANAS-4711'));

  const id = await message('m_secret/7101');
  const dry = await passerelle('redact', '--message', String(id));
  expect([dry.code, dry.out]).toEqual([0, '1 of 1 would be removed for good.\nAdd --yes to do it.\n']);
  expect(await tablesWith('ANANAS-4711')).not.toEqual([]);
  const done = await passerelle('redact', '--message', String(id), '--yes', '--json');
  expect(JSON.parse(done.out)).toMatchObject({ asked: 1, already: 0, messages: 2, webhooks: 2 });
  await until('the ticket without it', () => !shownOf(psid).includes('ANANAS-4711'));
  await until('the history without it', () => historyOf('ANANAS-4711') === 0);
  await until('all of it done', async () => (await waits()) === 0);

  const shown = shownOf(psid);
  for (const word of ['First of all', 'That was all', 'I meant this one']) expect(shown).toContain(word);
  expect(shown).not.toMatch(/ananas/i);
  expect(await tablesWith('ANANAS-4711')).toEqual([]);
  expect(historyOf('[Removed]')).toBe(1);
  await post(secret);
  await post(item(psid, { message: { mid: 'm_later', text: 'Life goes on' } }));
  await until('what came later', () => shownOf(psid).includes('Life goes on'));
  await until('its history', () => historyOf('Life goes on'));
  expect(shownOf(psid)).not.toContain('ANANAS-4711');
  expect(historyOf('ANANAS-4711')).toBe(0);
  const again = await passerelle('redact', '--message', String(id), '--yes', '--json');
  expect(JSON.parse(again.out)).toMatchObject({ asked: 1, already: 1, messages: 0, webhooks: 1 });
  expect(await tablesWith('ANANAS-4711')).toEqual([]);
  const audit = (await passerelle('audit', 'list', '--json')).out.split('\n')[0]!;
  expect(JSON.parse(audit)).toMatchObject({ what: 'redact', subject: `message ${id}` });
});

test('a conversation is removed with its files, the agent’s answers, on a ticket that was closed meanwhile', async () => {
  const psid = '7102';
  product.messenger.addCustomer({ psid, name: 'Bea' });
  const bytes = Buffer.from('BANANEN in a file');
  await product.messenger.customerSends(psid, {
    type: 'file',
    files: [{ name: 'BANANEN.txt', contentType: 'text/plain', bytes }],
    text: 'All about BANANEN',
  });
  const ticket = await until('the file', () =>
    ticketsOf(psid).find(({ comments }) => comments.some(({ attachments }) => attachments.length > 0)),
  );
  await product.zendesk.agentComments(ticket.id, { html: '<p>Your <em>BANANEN</em> are here</p>', public: true });
  await until('the reply', () =>
    product.messenger.threads().some((thread) => thread.bubbles.some(({ text }) => text?.includes('BANANEN are here'))),
  );
  await until('its history', () => historyOf('BANANEN are here'));
  await until('nothing waits', async () => (await waits()) === 0);
  expect((await vaultFiles()).join()).toContain('BANANEN');
  product.zendesk.setStatus(ticket.id, 'closed');
  const { code } = await passerelle('redact', '--conversation', String(await conversation(psid)), '--yes');
  expect(code).toBe(0);
  await until('the ticket without it', () => !shownOf(psid).includes('BANANEN'));
  await until('nothing waits', async () => (await waits()) === 0);
  await until('the vault without it', async () => !(await vaultFiles()).join().includes('BANANEN'));
  expect(historyOf('BANANEN')).toBe(0);
  expect(await tablesWith('BANANEN')).toEqual([]);
  const [attachment] = ticketsOf(psid).flatMap(({ comments }) => comments.flatMap(({ attachments }) => attachments));
  expect(attachment?.name).toBe('redacted.txt');
});

test('what is withdrawn is removed by itself where the mapping says so, and agents are told that it was', async () => {
  const psid = '7103';
  product.messenger.addCustomer({ psid, name: 'Cleo' });
  await post(item(psid, { message: { mid: 'm_cherry', text: 'KIRSCHEN are mine' } }), item(psid, 'Hello'));
  await until('the ticket', () => shownOf(psid).includes('KIRSCHEN'));
  await until('its history', () => historyOf('KIRSCHEN'));
  await post(item(psid, { message: { mid: 'm_cherry', is_deleted: true } }));
  await until('the ticket without it', () => !shownOf(psid).includes('KIRSCHEN') && /withdrew/.test(shownOf(psid)));
  await until('nothing waits', async () => (await waits()) === 0);
  expect(historyOf('KIRSCHEN')).toBe(0);
  expect(shownOf(psid)).toContain('The customer withdrew a message: “[Removed]”.');
  expect(shownOf(psid)).toContain('Hello');
  expect(await tablesWith('KIRSCHEN')).toEqual([]);
});

test('where Zendesk does not let it be done that is shown, and a replay does it; failures in between change nothing', async () => {
  const psid = '7104';
  product.messenger.addCustomer({ psid, name: 'Dora' });
  await post(item(psid, { message: { mid: 'm_date', text: 'DATTELN please, dora.datteln@example.com' } }));
  await until('its history', () => historyOf('DATTELN'));
  product.zendesk.permitRedacting(false);
  await passerelle('redact', '--message', String(await message('m_date')), '--yes');
  const [refused] = await until('it is parked', async () => ((await parked()).length > 0 ? parked() : undefined));
  expect(refused?.reason).toContain('Agent Workspace');
  expect(shownOf(psid)).toContain('DATTELN');
  await until('the history without it', () => historyOf('DATTELN') === 0);
  const told = await passerelle('parked', 'show', `${refused?.message}:${refused?.target}`);
  expect(told.out).toContain('Words that were to be removed still stand there');
  product.zendesk.permitRedacting(true);
  // Heard, but the answer is lost; then not even heard.
  product.zendesk.inject({ kind: 'reset-after', path: '/comment_redactions', times: 1 });
  product.zendesk.inject({ kind: '503', path: '/comments', times: 1 });
  const replayed = await passerelle('parked', 'replay', `${refused?.message}:${refused?.target}`);
  expect(replayed.code).toBe(0);
  await until('the ticket without it', () => !shownOf(psid).includes('DATTELN'));
  await until('nothing waits', async () => (await waits()) === 0);
  expect(await parked()).toEqual([]);
  expect(await tablesWith('DATTELN')).toEqual([]);
  expect(await tablesWith('dora.datteln')).toEqual([]);
  expect(shownOf(psid).match(/▇+/g)).toHaveLength(1);
});

test('the API does the same for keys that may', async () => {
  const psid = '7105';
  await post(item(psid, { message: { mid: 'm_egg', text: 'EIERFRUCHT' } }));
  await until('its history', () => historyOf('EIERFRUCHT'));
  const keyFor = async (name: string, scopes: string) =>
    (await passerelle('keys', 'create', '--name', name, '--scopes', scopes)).out.trim();
  const ask = async (key: string, body: unknown) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(`${product.url}/v1/redactions`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const [may, mayNot] = [await keyFor('eraser', 'redact'), await keyFor('reader', 'parked:read')];
  const whose = { conversation: await conversation(psid) };
  expect((await ask(mayNot, whose)).status).toBe(403);
  expect((await ask(may, { conversation: 999_999 })).status).toBe(404);
  expect((await ask(may, {})).status).toBe(400);
  expect(await ask(may, { ...whose, dryRun: true })).toMatchObject({ status: 202, body: { dryRun: true, asked: 1 } });
  expect(await ask(may, whose)).toMatchObject({ status: 202, body: { messages: 1 } });
  await until('the ticket without it', () => !shownOf(psid).includes('EIERFRUCHT'));
  await until('the history without it', () => historyOf('EIERFRUCHT') === 0);
});

test('an address that a removed message told is no longer known', async () => {
  const psid = '7190';
  product.messenger.addCustomer({ psid, name: 'Ada' });
  await post(item(psid, { message: { mid: 'm_address', text: 'I am kiwi.4711@example.com' } }));
  await until('the history', () => historyOf('kiwi.4711') === 1);
  expect(await tablesWith('kiwi.4711@example.com')).toContain('public.facts');
  expect((await passerelle('redact', '--message', String(await message('m_address')), '--yes')).code).toBe(0);
  await until('it is gone', async () => (await tablesWith('kiwi.4711@example.com')).length === 0);
});

test('an order that is given up keeps no words here either', async () => {
  const psid = '7107';
  await post(item(psid, { message: { mid: 'm_grape', text: 'TRAUBEN' } }));
  await until('its history', () => historyOf('TRAUBEN'));
  product.zendesk.permitRedacting(false);
  await passerelle('redact', '--message', String(await message('m_grape')), '--yes');
  const [refused] = await until('it is parked', async () => ((await parked()).length > 0 ? parked() : undefined));
  expect(await tablesWith('TRAUBEN')).toEqual(['public.comments']);
  const name = `${refused?.message}:${refused?.target}`;
  expect((await passerelle('parked', 'discard', name, '--why', 'done by hand')).code).toBe(0);
  expect(await tablesWith('TRAUBEN')).toEqual([]);
  product.zendesk.permitRedacting(true);
});

test('asked while the service is down it is done when the service is back; of a long history no part keeps the words', async () => {
  const psid = '7106';
  product.messenger.addCustomer({ psid, name: 'Finn' });
  const long = (n: number) => item(psid, { message: { mid: `m_fig_${n}`, text: `FEIGEN ${n} ${'x'.repeat(1_900)}` } });
  await post(...Array.from({ length: 20 }, (_, n) => long(n)));
  await until('a history in two parts', () => historyOf('FEIGEN') === 2);
  await until('nothing waits', async () => (await waits()) === 0);
  await product.stopService();
  const whose = String(await conversation(psid));
  expect((await passerelle('redact', '--conversation', whose, '--yes')).code).toBe(0);
  expect(await tablesWith('FEIGEN 3')).toEqual(['public.comments']);
  expect(shownOf(psid)).toContain('FEIGEN 3');
  await product.startAgain();
  await until('the ticket without it', () => !shownOf(psid).includes('FEIGEN'));
  await until('the history without it', () => historyOf('FEIGEN') === 0);
  await until('nothing waits', async () => (await waits()) === 0);
  expect(await tablesWith('FEIGEN')).toEqual([]);
}, 90_000);
