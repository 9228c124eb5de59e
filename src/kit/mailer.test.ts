import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type MailSimulator, startMailSimulator } from '../sandbox/mail/simulator.ts';
import { makeMailer } from './mailer.ts';

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
