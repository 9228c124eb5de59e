import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type MailSimulator, startMailSimulator } from '../../src/sandbox/mail/simulator.ts';
import { commandLine } from '../support/command-line.ts';
import { type Product, startProduct } from '../support/product.ts';

/** What needs a mail server says so where there is none, and where there is one the doctor looks whether it works. */
let product: Product;
let mail: MailSimulator;
beforeAll(async () => {
  mail = await startMailSimulator({ user: 'chat', password: 'right' });
  product = await startProduct();
});
afterAll(() => Promise.all([product?.stop(), mail?.close()]));

const asking = 'identity:\n  askForEmail: true\n';
const draft = () => {
  const file = join(product.folder, 'draft.yaml');
  writeFileSync(file, asking);
  return file;
};

/** The product's configuration with a mail server in it. */
function withMail(password: string): string {
  const file = join(product.folder, `mail-${password}.yaml`);
  const configuration = parse(readFileSync(product.file, 'utf8')) as object;
  const server = {
    host: mail.host,
    port: mail.port,
    encryption: 'none',
    user: 'chat',
    password,
    from: 'a@acme.example',
  };
  writeFileSync(file, stringify({ ...configuration, mail: server }));
  return file;
}

const run = (configuration: string, ...args: string[]) => commandLine(configuration, product.databaseUrl, args);
const mistake = /draft\.yaml:2:16 identity\.askForEmail: .*no mail server is configured \(expected: false, or mail:/;

test('a mapping that asks for e-mail addresses is refused without a mail server, with the line that asks', async () => {
  expect(await run(product.file, 'mapping', 'check', draft())).toMatchObject({
    code: 1,
    err: expect.stringMatching(mistake),
  });
  expect(await run(product.file, 'mapping', 'apply', draft())).toMatchObject({
    code: 1,
    err: expect.stringMatching(mistake),
  });
  expect(await run(withMail('right'), 'mapping', 'check', draft())).toMatchObject({ code: 0 });
});

const findings = async (configuration: string, of: string) => {
  const { out } = await run(configuration, 'doctor', '--json');
  const all = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return all.filter(({ account, kind }) => account === of || kind === of);
};

test('the doctor logs in at the mail server and mails nothing; without one it does not look', async () => {
  expect(await findings(withMail('right'), 'mail')).toMatchObject([{ ok: true, what: `${mail.host}:${mail.port}` }]);
  expect(await findings(withMail('wrong'), 'mail')).toMatchObject([
    {
      ok: false,
      why: expect.stringContaining('does not take the user'),
      fix: expect.stringContaining('mail.password'),
    },
  ]);
  expect(await findings(product.file, 'mail')).toEqual([]);
  expect(mail.mails()).toEqual([]);
});

test('a version in force whose mail server was taken away is found', async () => {
  expect(await run(withMail('right'), 'mapping', 'apply', draft())).toMatchObject({ code: 0 });
  expect(await findings(product.file, 'mapping')).toMatchObject([
    { ok: false, why: expect.stringContaining('identity.askForEmail') },
  ]);
});
