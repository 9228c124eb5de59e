import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MailSimulator, startMailSimulator } from '../../src/sandbox/mail/simulator.ts';
import { factsOf } from '../../src/store/facts.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
let mailServer: MailSimulator;
beforeAll(async () => {
  mailServer = await startMailSimulator();
  product = await startProduct({
    mapping: { identity: { askForEmail: true, writeContact: 'verified-code', askText: 'Your e-mail, please?' } },
    settings: {
      mail: { host: mailServer.host, port: mailServer.port, encryption: 'none', from: 'Acme <chat@acme.example>' },
    },
  });
});
afterAll(async () => {
  await product?.stop();
  await mailServer?.close();
});

const met = new Set<string>();
async function says(psid: string, text: string): Promise<void> {
  if (!met.has(psid)) product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  met.add(psid);
  await product.messenger.customerSends(psid, { type: 'text', text });
}

const told = (psid: string): string[] =>
  product.messenger
    .threads()
    .filter((thread) => thread.psid === psid)
    .flatMap(({ bubbles }) => bubbles.flatMap(({ from, text }) => (from === 'page' && text ? [text] : [])));
const isTold = (psid: string, words: RegExp) =>
  until(`${psid} is told ${words}`, () => told(psid).some((text) => words.test(text)));
const mailsTo = (address: string) => mailServer.mails().filter(({ to }) => to.includes(address));

async function codeFor(address: string, nth = 0): Promise<string> {
  const mail = await until('the mail', () => mailsTo(address)[nth]);
  return /\b\d{6}\b/.exec(mail.text)![0];
}

async function emails(psid: string) {
  const row = await product.db
    .selectFrom('conversations')
    .select('customer')
    .where('platform_user', '=', psid)
    .executeTakeFirstOrThrow();
  const facts = await factsOf(product.db, row.customer);
  return facts.filter(({ kind }) => kind === 'email').map(({ value, evidence }) => [value, evidence]);
}

const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

test('who writes is asked once, gets a code by mail, and is known by it; the ticket shows all of it to agents only', async () => {
  await says('700', 'Hello');
  await isTold('700', /^Your e-mail, please\?$/);
  await says('700', 'Why do you ask?');
  await says('700', 'well, ida@example.com');
  await isTold('700', /sent a code of six digits to ida@example\.com/);
  const code = await codeFor('ida@example.com');
  expect(mailsTo('ida@example.com')[0]).toMatchObject({ subject: `${code} is your code`, from: 'chat@acme.example' });
  const rows = await product.db.selectFrom('mailed_codes').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(code);
  await says('700', wrong(code));
  await isTold('700', /not the code/);
  expect(await emails('700')).toEqual([['ida@example.com', 'stated']]);
  await says('700', `it is ${code.slice(0, 3)} ${code.slice(3)}`);
  await isTold('700', /ida@example\.com is confirmed/);
  expect(await emails('700')).toEqual([
    ['ida@example.com', 'verified-code'],
    ['ida@example.com', 'stated'],
  ]);
  expect(told('700').filter((text) => text === 'Your e-mail, please?')).toHaveLength(1);
  const comments = () =>
    product.zendesk
      .tickets()
      .filter(({ requester }) => requester.externalId?.endsWith(':700'))
      .flatMap((ticket) => ticket.comments);
  await until('the notes', () => comments().filter(({ body }) => /is (?:verified|confirmed)/.test(body)).length === 2);
  const shown = comments().filter(({ body }) => /Your e-mail, please|is verified|is confirmed/.test(body));
  expect(shown.map((comment) => comment.public)).toEqual(shown.map(() => false));
  expect(shown.length).toBe(3);
}, 60_000);

test('an address that is told unasked gets its code at once; five wrong answers end it, and the right one comes too late', async () => {
  await says('701', 'I am eva@example.com');
  const code = await codeFor('eva@example.com');
  await isTold('701', /six digits/);
  for (let n = 0; n < 5; n++) await says('701', wrong(code));
  await isTold('701', /holds no longer/);
  await says('701', code);
  await says('701', 'hello?');
  await until('all applied', async () => {
    const row = await product.db.selectFrom('events').select('id').where('applied_at', 'is', null).executeTakeFirst();
    return row === undefined;
  });
  expect(await emails('701')).toEqual([['eva@example.com', 'stated']]);
  expect(told('701').filter((text) => /not the code/.test(text))).toHaveLength(4);
}, 60_000);

test('a code holds ten minutes; a new one may be had, three in all', async () => {
  await says('702', 'ole@example.com');
  const first = await codeFor('ole@example.com');
  await isTold('702', /six digits/);
  await product.db
    .updateTable('mailed_codes')
    .set({ expires_at: new Date() })
    .where('email', '=', 'ole@example.com')
    .execute();
  await says('702', first);
  await isTold('702', /holds no longer/);
  for (const nth of [1, 2]) {
    await says('702', 'ole@example.com');
    await codeFor('ole@example.com', nth);
    await until('mailed', () =>
      product.db
        .selectFrom('mailed_codes')
        .select('state')
        .where('email', '=', 'ole@example.com')
        .where('state', '=', 'mailed')
        .executeTakeFirst(),
    );
    await product.db
      .updateTable('mailed_codes')
      .set({ expires_at: new Date() })
      .where('email', '=', 'ole@example.com')
      .execute();
  }
  await says('702', 'ole@example.com');
  await says('702', 'once more');
  await until('said', () =>
    product.zendesk.tickets().some(({ comments }) => comments.some(({ body }) => body.includes('once more'))),
  );
  expect(mailsTo('ole@example.com')).toHaveLength(3);
}, 60_000);

test('a mail that is refused is told to the agent; one that is put off goes later', async () => {
  mailServer.refuse('@nowhere.example');
  await says('703', 'x@nowhere.example');
  await until('a note', () =>
    product.zendesk
      .tickets()
      .some(({ comments }) => comments.some((c) => !c.public && /No code could be mailed.*550/.test(c.body))),
  );
  expect(await emails('703')).toEqual([['x@nowhere.example', 'stated']]);
}, 60_000);

test('whose address is verified is not asked again', async () => {
  await says('700', 'Hello again, ida@example.com');
  await until('said', () =>
    product.zendesk.tickets().some(({ comments }) => comments.some(({ body }) => body.includes('Hello again'))),
  );
  expect(mailsTo('ida@example.com')).toHaveLength(1);
}, 60_000);
