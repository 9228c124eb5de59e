import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SalesforceRecord } from '../../src/sandbox/contract.ts';
import { commandLine } from '../support/command-line.ts';
import { type Product, startProduct } from '../support/product.ts';
import { quietFor, until } from '../support/until.ts';

let product: Product;
let url: string;
beforeAll(async () => {
  product = await startProduct({ cases: { crm: 'acme-salesforce', webhookSecret: 'flow-secret' } });
  url = product.url;
});
afterAll(() => product?.stop());

const caseOf = (psid: string): SalesforceRecord | undefined =>
  product.salesforce
    .records('Case')
    .find(({ Passerelle_Key__c: key }) => String(key).startsWith(`messenger:acme-page:${psid}:`));
const commentsOn = (psid: string) =>
  product.salesforce.records('CaseComment').filter(({ ParentId }) => ParentId === caseOf(psid)?.Id);
const ticketsOf = (remoteId: string) =>
  product.db.selectFrom('tickets').select('id').where('remote_id', '=', remoteId).execute();
const answersTo = (psid: string) =>
  product.messenger
    .threads()
    .find((thread) => thread.psid === psid)!
    .bubbles.filter(({ from }) => from === 'page');

async function opened(psid: string): Promise<SalesforceRecord> {
  product.messenger.addCustomer({ psid, name: `Ida Berg ${psid}` });
  await product.messenger.customerSends(psid, { type: 'text', text: 'Do you ship to Oslo? 🚚' });
  return until('a Case', () => caseOf(psid));
}

/** As a flow with an HTTP callout tells that something changed on a Case. */
const tell = (caseId: string, secret = 'flow-secret') =>
  fetch(`${url}/webhooks/salesforce/acme-cases`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ caseId }),
  });

test('a chat becomes a Case with its Contact, files are on it, and no Task stands beside it', async () => {
  const opening = await opened('100');
  expect(opening).toMatchObject({ Subject: 'Messenger: Ida Berg 100', Origin: 'Web', Status: 'New' });
  const bytes = Buffer.from('%PDF-1.4 order');
  const pdf = { name: 'order.pdf', contentType: 'application/pdf', bytes };
  await product.messenger.customerSends('100', { type: 'file', files: [pdf] });
  const version = await until('a file', () => product.salesforce.records('ContentVersion')[0]);
  expect(Buffer.from(String(version['VersionData']), 'base64').equals(bytes)).toBe(true);
  await until('a second comment', () => commentsOn('100').length === 2);
  expect(commentsOn('100')[0]).toMatchObject({
    CommentBody: 'Ida Berg 100:\nDo you ship to Oslo? 🚚',
    IsPublished: true,
  });
  const tied = await until('the Contact', () => caseOf('100')?.['ContactId']);
  expect(product.salesforce.records('Contact')).toMatchObject([{ Id: tied, Name: 'Ida Berg 100' }]);
  expect(product.salesforce.records('Task')).toEqual([]);
});

test('a public comment of an agent arrives in the chat, once and with its file; notes and our own words do not', async () => {
  const { Id } = await opened('101');
  const file = { name: 'label.pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF-1.4 label') };
  product.salesforce.agentWrites(Id, { text: 'For colleagues', public: false });
  product.salesforce.agentWrites(Id, { text: 'Yes, in two days.\n/file label', public: true, files: [file] });
  for (let copies = 0; copies < 3; copies++) expect((await tell(Id)).status).toBe(200);
  await until('two bubbles', () => answersTo('101').length === 2);
  await tell(Id);
  await quietFor(300);
  expect(answersTo('101').map(({ text }) => text)).toEqual(['Yes, in two days.', undefined]);
  expect(answersTo('101')[1]?.attachments[0]).toMatchObject({ bytes: file.bytes.length });
});

test('an answer given before the Case is known here is sent as soon as it is', async () => {
  await until('somebody listens', () => product.salesforce.events.listening() === 1);
  product.salesforce.inject({ kind: 'timeout-after', method: 'POST', path: '/composite', times: 1, delayMs: 3_000 });
  const { Id } = await opened('120');
  product.salesforce.agentWrites(Id, { text: 'Yes, at once', public: true });
  await until('the answer', () => answersTo('120').length === 1);
  expect(answersTo('120')[0]?.text).toBe('Yes, at once');
});

test('a closed Case is reopened by the customer’s next message', async () => {
  const { Id } = await opened('102');
  product.salesforce.agentChanges('Case', Id, { Status: 'Closed' });
  await product.messenger.customerSends('102', { type: 'text', text: 'One more thing' });
  await until('the second comment', () => commentsOn('102').length === 2);
  expect(caseOf('102')).toMatchObject({ Id, Status: 'Working', IsClosed: false });
});

test('a reply that fails is told on the Case, in a note, and with a tag', async () => {
  const { Id } = await opened('103');
  product.messenger.block('103', true);
  product.salesforce.agentWrites(Id, { text: 'Are you there?', public: true });
  await tell(Id);
  const note = await until('a note', () =>
    commentsOn('103').find((each) => String(each['CommentBody']).includes('did not reach')),
  );
  expect(note['IsPublished']).toBe(false);
  expect(String(caseOf('103')?.['Passerelle_Tags__c']).split(' ')).toContain('passerelle_reply_failed');
});

test('an answer arrives at once, told by the event that the org publishes', async () => {
  await until('somebody listens', () => product.salesforce.events.listening() === 1);
  const { Id } = await opened('105');
  await until('the ledger knows the Case', async () => (await ticketsOf(Id)).length === 1);
  product.salesforce.agentWrites(Id, { text: 'On its way.', public: true });
  await until('the answer', () => answersTo('105').some(({ text }) => text === 'On its way.'), 20_000);
});

test('what was answered while the service stood still arrives when it is back', async () => {
  const { Id } = caseOf('105')!;
  await until('the place', async () => (await product.db.selectFrom('streams').selectAll().execute())[0]?.place);
  await product.stopService();
  product.salesforce.agentWrites(Id, { text: 'It has arrived.', public: true });
  url = await product.startAgain();
  await until('the answer', () => answersTo('105').some(({ text }) => text === 'It has arrived.'), 20_000);
  await quietFor(200);
  expect(answersTo('105').map(({ text }) => text)).toEqual(['On its way.', 'It has arrived.']);
});

test('a wrong Contact is taken off the Case, for the right one or for none, and stays off the next one; undone it is back', async () => {
  const right = product.salesforce.add('Contact', { LastName: 'Sister' });
  const { Id } = await opened('106');
  const wrong = String(await until('the Contact', () => caseOf('106')?.['ContactId']));
  const links = (...args: string[]) => commandLine(product.file, product.databaseUrl, ['links', ...args]);
  const { customer } = JSON.parse((await links('show', `ticket:${Id}`, '--json')).out) as { customer: number };
  const cut = (...to: string[]) => links('cut', String(customer), 'acme-salesforce', '--why', 'her sister', ...to);
  const act = /act (\d+)/.exec((await cut('--to', right)).out)?.[1];
  await until('the right one', () => caseOf('106')?.['ContactId'] === right);
  await until('a note', () => commentsOn('106').some((each) => String(each['CommentBody']).includes('her sister')));
  await links('undo', String(act));
  await until('as before', () => caseOf('106')?.['ContactId'] === wrong);
  await cut();
  await until('nobody', () => caseOf('106')?.['ContactId'] === null);
  product.salesforce.remove('Case', Id);
  await product.messenger.customerSends('106', { type: 'text', text: 'And another thing' });
  const next = await until('another Case', () => caseOf('106')?.Id !== Id && caseOf('106'));
  await quietFor(500);
  expect(next['ContactId']).toBeNull();
});

test('what is removed is gone from the Case as well, the customer’s words and file and the agent’s; the rest stays', async () => {
  const { Id } = await opened('107');
  const pdf = { name: 'passport.pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF-1.4 passport') };
  await product.messenger.customerSends('107', { type: 'file', files: [pdf] });
  await product.messenger.customerSends('107', { type: 'text', text: 'My PIN is 4711' });
  const files = () => product.salesforce.records('ContentVersion').map(({ PathOnClient }) => PathOnClient);
  await until(
    'file and words',
    () => files().includes('passport.pdf') && JSON.stringify(commentsOn('107')).includes('4711'),
  );
  product.salesforce.agentWrites(Id, { text: 'Do not tell us 4711, Ida', public: true });
  await tell(Id);
  await until('the answer', () => answersTo('107').length === 1);
  const run = (...args: string[]) => commandLine(product.file, product.databaseUrl, args);
  const { id } = await product.db
    .selectFrom('conversations')
    .select('id')
    .where('platform_user', '=', '107')
    .executeTakeFirstOrThrow();
  expect(await run('redact', '--conversation', String(id), '--yes')).toMatchObject({ code: 0 });
  await until(
    'nothing left',
    () => !/4711|Oslo/.test(JSON.stringify(commentsOn('107'))) && !files().includes('passport.pdf'),
  );
  await product.messenger.customerSends('107', { type: 'text', text: 'Life goes on' });
  await until('what comes after', () => JSON.stringify(commentsOn('107')).includes('Life goes on'));
  expect(answersTo('107')).toHaveLength(1);
  expect(caseOf('107')?.Id).toBe(Id);
});

test('a callback with another secret, or none, is refused', async () => {
  const { Id } = await opened('104');
  expect((await tell(Id, 'guessed')).status).toBe(401);
});

test('of a customer who is forgotten the Case goes with comments and files; a file that is elsewhere as well stays', async () => {
  const { Id } = await opened('108');
  const passport = { name: 'secret.pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF-1.4 secret') };
  await product.messenger.customerSends('108', { type: 'file', files: [passport] });
  const names = () => product.salesforce.records('ContentVersion').map(({ PathOnClient }) => PathOnClient);
  await until('the file', () => names().includes('secret.pdf'));
  const contact = await until('the Contact', () => caseOf('108')?.['ContactId']);
  product.salesforce.agentWrites(Id, {
    ...{ text: 'Our terms', public: false },
    files: [{ name: 'terms.pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF-1.4 terms') }],
  });
  const terms = product.salesforce.records('ContentVersion').find(({ PathOnClient }) => PathOnClient === 'terms.pdf')!;
  const other = product.salesforce.add('Account', { Name: 'Acme' });
  const place = { ContentDocumentId: terms['ContentDocumentId'], LinkedEntityId: other, ShareType: 'V' };
  product.salesforce.add('ContentDocumentLink', place);
  const run = (...args: string[]) => commandLine(product.file, product.databaseUrl, args);
  const asked = await run('erase-customer', '--account', 'acme-page', '--user', '108', '--yes', '--json');
  const { code } = JSON.parse(asked.out) as { code: string };
  await until('the erasure', async () => {
    const receipt = JSON.parse((await run('erasures', 'show', code, '--json')).out) as { state: string };
    return receipt.state === 'done';
  });
  expect(caseOf('108')).toBeUndefined();
  expect(product.salesforce.records('CaseComment').filter(({ ParentId }) => ParentId === Id)).toEqual([]);
  expect(names()).not.toContain('secret.pdf');
  expect(names()).toContain('terms.pdf');
  expect(product.salesforce.records('Contact').find(({ Id: each }) => each === contact)).toBeUndefined();
});
