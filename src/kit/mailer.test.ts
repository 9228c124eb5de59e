import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MailSimulator, startMailSimulator } from '../sandbox/mail/simulator.ts';
import { checkMailServer, makeMailer } from './mailer.ts';
import { Secret } from './secret.ts';

let server: MailSimulator;
beforeAll(async () => {
  server = await startMailSimulator();
});
afterAll(() => server.close());

const mailer = (more: object = {}) =>
  makeMailer({ host: server.host, port: server.port, encryption: 'none', from: 'Acme <chat@acme.example>', ...more });
const mail = { to: 'ida@example.com', subject: 'Your code ✓', text: 'Grüße: 123456\n.\nend' };

test('a mail arrives as it was written, and says that no machine need answer', async () => {
  expect(await mailer()(mail)).toEqual({ result: 'sent' });
  const [got] = server.mails();
  expect(got).toMatchObject({ from: 'chat@acme.example', to: ['ida@example.com'] });
  expect(got?.text.replaceAll('\r\n', '\n').trim()).toBe(mail.text);
  expect(got?.raw).toMatch(/^Auto-Submitted: auto-generated/im);
});

test('an address cannot bring further ones along', async () => {
  const before = server.mails().length;
  await mailer()({ ...mail, to: 'a@example.com, b@example.com' });
  await mailer()({ ...mail, to: 'a@example.com\r\nBcc: c@example.com' });
  for (const { to } of server.mails().slice(before)) expect(to.length).toBe(1);
  expect(JSON.stringify(server.mails())).not.toMatch(/"[bc]@example\.com"/);
});

test('an address that is refused is refused for good, without naming it', async () => {
  server.refuse('@nowhere.example');
  expect(await mailer()({ ...mail, to: 'x@nowhere.example' })).toEqual({
    result: 'never',
    why: 'the mail server did not take it: EENVELOPE 550',
  });
});

test('what is put off, not there, or not encrypted as wanted, may be tried again', async () => {
  server.putOff(1);
  expect(await mailer()(mail)).toMatchObject({ result: 'later' });
  expect(await mailer({ port: 1 })(mail)).toMatchObject({ result: 'later' });
  expect(await mailer({ encryption: 'starttls' })(mail)).toMatchObject({ result: 'later' });
});

describe('looking whether mails could go', () => {
  let closed: MailSimulator;
  beforeAll(async () => {
    closed = await startMailSimulator({ user: 'chat', password: 'right' });
  });
  afterAll(() => closed.close());
  const at = ({ host, port }: MailSimulator, more: object = {}) =>
    checkMailServer({ host, port, encryption: 'none', from: 'chat@acme.example', ...more });
  const as = (password: string) => at(closed, { user: 'chat', password: new Secret(password) });

  test('is fine where it is, and nothing is mailed', async () => {
    expect([await at(server), await as('right')]).toEqual([{ ok: true }, { ok: true }]);
    expect(closed.mails()).toEqual([]);
  });

  test.each<[string, () => ReturnType<typeof checkMailServer>, string]>([
    ['nobody is there', () => at(server, { port: 1 }), 'not-reached'],
    ['there is no such host', () => at(server, { host: 'nowhere.invalid' }), 'not-reached'],
    ['it cannot encrypt', () => at(server, { encryption: 'starttls' }), 'encryption'],
    ['it takes another password', () => as('wrong'), 'login'],
  ])('tells that %s', async (_, check, fault) => {
    const checked = await check();
    expect(checked).toMatchObject({ ok: false, fault });
    expect(JSON.stringify(checked)).not.toMatch(/wrong/);
  });
});
