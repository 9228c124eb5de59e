import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { zendeskAccount } from '../../src/helpdesks/zendesk/account.ts';
import { addressesOf } from '../../src/helpdesks/zendesk/framework/manifest.ts';
import type { ZendeskTicketView } from '../../src/sandbox/contract.ts';
import { freePort } from '../../src/sandbox/demo/free-port.ts';
import { commandLine } from '../support/command-line.ts';
import { type Product, startProduct } from '../support/product.ts';
import { quietFor, until } from '../support/until.ts';

const channelSecret = 'CANARY-channel-secret-of-32-letters-and-more';
const mode = { mode: 'channel', channelSecret, pushClientId: 'passerelle_push' };
let product: Product;
let publicUrl: string;

beforeAll(async () => {
  const port = await freePort();
  publicUrl = `http://127.0.0.1:${port}`;
  product = await startProduct({
    helpdesk: mode,
    settings: {
      server: { port, host: '127.0.0.1', publicUrl },
      secrets: { keys: [randomBytes(32).toString('base64')] },
    },
    mapping: { tickets: { tags: ['chat'] } },
  });
});
afterAll(() => product?.stop());
afterEach(() => {
  product.zendesk.clearFaults();
  Object.assign(product.zendesk.webhooks, { copies: 1, lose: false });
});

const at = () =>
  addressesOf(
    zendeskAccount.parse({ id: 'acme-zendesk', kind: 'zendesk', url: product.zendesk.url, accessToken: 'x', ...mode }),
    publicUrl,
  );
const post = (url: string, body: URLSearchParams | string) => fetch(url, { method: 'POST', body, redirect: 'manual' });

const ticketsOf = (psid: string): ZendeskTicketView[] =>
  product.zendesk.tickets().filter(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`);
const said = (psid: string) => ticketsOf(psid).flatMap(({ comments }) => comments.map(({ body }) => body));
const sends = (psid: string, text: string) => product.messenger.customerSends(psid, { type: 'text', text });
const answersTo = (psid: string) =>
  product.messenger
    .threads()
    .find((thread) => thread.psid === psid)!
    .bubbles.filter(({ from }) => from === 'page');

async function opened(psid: string): Promise<ZendeskTicketView> {
  product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  await sends(psid, `Hello from ${psid}`);
  return until('a finished ticket', () => ticketsOf(psid).find(({ externalId }) => externalId));
}

test('before an account is set up messages wait; adding one lets them go', async () => {
  product.messenger.addCustomer({ psid: '1', name: 'Ada' });
  await sends('1', 'Is anybody there?');
  const page = await product.zendesk.addIntegrationAccount(at().manifest, 'fr');
  expect(page).toContain('Nom de ce compte');
  await until('the message', () => said('1').includes('Is anybody there?'));
});

test('a message becomes a ticket by a push: of the known customer, with tags and our key; more goes to the same ticket', async () => {
  const ticket = await opened('2');
  expect(ticket).toMatchObject({ tags: expect.arrayContaining(['chat']), requester: { name: 'Customer 2' } });
  await sends('2', 'And one more thing');
  await until('the second', () => said('2').length === 2);
  expect(ticketsOf('2').length).toBe(1);
  // What was said from now on is by the one user agents know.
  expect(ticketsOf('2')[0]!.comments[1]!.authorId).toBe(ticket.requester.id);
  const written = product.zendesk.requests.filter(
    ({ method, path }) => method === 'POST' && /\/api\/v2\/tickets/.test(path),
  );
  expect(written).toEqual([]);
});

test('files come along by links; a text of several messages keeps its order', async () => {
  await opened('3');
  const jpeg = { name: 'photo.jpg', contentType: 'image/jpeg', bytes: Buffer.from('/9j/4AAQSkZJRg==', 'base64') };
  await product.messenger.customerSends('3', { type: 'image', files: [jpeg] });
  for (let i = 0; i < 8; i++) await sends('3', `line ${i}`);
  await until('all of it', () => said('3').join('\n').includes('line 7'));
  const [ticket] = ticketsOf('3');
  expect(ticket!.comments.flatMap(({ attachments }) => attachments.map(({ bytes }) => bytes))).toEqual([
    jpeg.bytes.length,
  ]);
  const order = said('3')
    .join('\n')
    .match(/line \d/g);
  expect(order).toEqual(Array.from({ length: 8 }, (_, i) => `line ${i}`));
});

test('an agent’s reply with a file goes to the customer once, however often it is handed over', async () => {
  const ticket = await opened('4');
  product.zendesk.webhooks.copies = 3;
  const pdf = { name: 'invoice.pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF-1.4 invoice') };
  await product.zendesk.agentComments(ticket.id, { text: 'Here it is', public: true, files: [pdf] });
  await until('the reply', () => answersTo('4').length === 2);
  await product.zendesk.agentComments(ticket.id, { text: 'only for us', public: false });
  await quietFor(400);
  expect(answersTo('4').map(({ text, attachments }) => text ?? attachments[0]?.bytes)).toEqual([
    'Here it is',
    pdf.bytes.length,
  ]);
  expect(ticketsOf('4')[0]!.comments.at(-2)!.channelError).toBeUndefined();
});

test('what does not reach the customer is marked at the agent’s comment, and told in a note with a tag', async () => {
  const ticket = await opened('5');
  product.messenger.block('5', true);
  await product.zendesk.agentComments(ticket.id, { text: 'Are you there?', public: true });
  const marked = await until('the mark', () => ticketsOf('5')[0]!.comments.find(({ channelError }) => channelError));
  expect(marked.body).toBe('Are you there?');
  const note = await until('the note', () => ticketsOf('5')[0]!.comments.find((comment) => !comment.public));
  expect(note.body).toContain('Are you there?');
  expect(ticketsOf('5')[0]!.tags.length).toBeGreaterThan(1);
});

test('pushes whose answers are lost, or that are refused for now, are neither lost nor doubled', async () => {
  const faults = ['timeout-after', 'reset-before', 'reset-after', '503'] as const;
  const psids = faults.map((kind) => `6-${kind}`);
  for (const [i, kind] of faults.entries()) {
    product.messenger.addCustomer({ psid: psids[i]!, name: `Customer ${kind}` });
    product.zendesk.inject({ kind, path: '/any_channel/push', times: 1, delayMs: 300, retryAfter: 1 });
    await sends(psids[i]!, 'one');
  }
  for (const psid of psids) await sends(psid, 'two');
  const whole = (psid: string) => said(psid).join('\n').replace(/\s+/g, ' ') === 'one two';
  await until('all of it', () => psids.every(whole));
  await quietFor(300);
  expect(psids.map((psid) => [whole(psid), ticketsOf(psid).length])).toEqual(psids.map(() => [true, 1]));
});

test('while nobody tells the number of the ticket, the chat goes on in it; told at last, it is finished', async () => {
  product.zendesk.webhooks.lose = true;
  product.messenger.addCustomer({ psid: '7', name: 'Grace' });
  const mine = () => product.zendesk.tickets().filter(({ requester }) => requester.name === 'Grace');
  const texts = () => mine().flatMap(({ comments }) => comments.map(({ body }) => body));
  await sends('7', 'first');
  await until('the first', () => texts().length === 1);
  await sends('7', 'second');
  await until('the second', () => texts().length === 2);
  await product.zendesk.agentComments(mine()[0]!.id, { text: 'an answer', public: true });
  await until('the answer', () => answersTo('7').length === 1);
  product.zendesk.webhooks.lose = false;
  await sends('7', 'third');
  await until('it is finished', () => ticketsOf('7')[0]?.externalId);
  expect(texts()).toEqual(['first', 'second', 'an answer', 'third']);
  expect(mine().length).toBe(1);
});

test('a ticket that was closed meanwhile goes on in its follow-up, and so do the replies', async () => {
  const ticket = await opened('8');
  product.zendesk.setStatus(ticket.id, 'closed');
  await sends('8', 'It broke again');
  const next = await until('another ticket', () =>
    ticketsOf('8').find(({ id, externalId }) => id !== ticket.id && externalId),
  );
  await product.zendesk.agentComments(next.id, { text: 'Not again!', public: true });
  await until('the reply', () => answersTo('8').some(({ text }) => text === 'Not again!'));
});

test('forged calls are refused: the address, the metadata, and what is missing', async () => {
  const { manifest, admin, channelback, events, open, health } = at();
  const account = product.zendesk.integrationAccount()!;
  const form = (also: object) =>
    new URLSearchParams({ message: 'x', thread_id: 't', request_unique_identifier: 'u', ...also });
  const other = (url: string) => url.slice(0, -1) + (url.endsWith('a') ? 'b' : 'a');
  expect((await fetch(other(manifest))).status).toBe(401);
  for (const url of [admin, channelback, events]) expect((await post(other(url), form(account))).status).toBe(401);
  for (const metadata of ['', '{}', '{"v":1,"instance":"i"}', account.metadata.replace(/.{3}"}$/, '000"}')])
    expect((await post(channelback, form({ metadata }))).status).toBe(401);
  expect((await post(channelback, form({ metadata: account.metadata }))).status).toBe(422);
  expect((await post(channelback, new URLSearchParams({ metadata: account.metadata }))).status).toBe(400);
  expect((await post(events, 'no JSON')).status).toBe(400);
  const connecting = { instance_push_id: 'i', zendesk_access_token: 't', subdomain: 'acme' };
  expect((await post(admin, form({ ...connecting, return_url: 'https://evil.example/zendesk.com' }))).status).toBe(400);
  const bad = await post(admin, form({ ...connecting, return_url: 'https://acme.zendesk.com/x' }));
  expect([bad.status, (await bad.text()).includes('<form')]).toEqual([502, false]);
  expect((await fetch(health)).status).toBe(200);
  expect((await fetch(`${open}?external_id=nobody`, { redirect: 'manual' })).status).toBe(404);
  expect((await fetch(manifest, { method: 'DELETE' })).status).toBe(405);
});

test('the doctor finds the integration account and whether its token is good, and says what to do', async () => {
  const found = async () => {
    const { out } = await commandLine(product.file, product.databaseUrl, ['doctor', '--json']);
    const findings = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { what: string; ok: boolean; why?: string });
    return findings.find(({ what }) => what === 'Zendesk integration account');
  };
  expect(await found()).toMatchObject({ ok: true });
  product.zendesk.inject({ kind: 'expired-token', path: '/validate_token', times: 1 });
  expect(await found()).toMatchObject({ ok: false, why: expect.stringContaining('401') });
  const app = await commandLine(product.file, undefined, ['channel-app', 'acme-zendesk', '/dev/null']);
  expect([app.code, app.err]).toEqual([1, expect.stringContaining('https')]);
});

test('a click on what was said leads to its conversation in the console', async () => {
  await opened('9');
  const [row] = await product.db
    .selectFrom('comments as c')
    .innerJoin('tickets as t', 't.id', 'c.ticket')
    .innerJoin('conversations as v', 'v.id', 't.conversation')
    .select(['c.marker', 'v.id'])
    .where('v.platform_user', '=', '9')
    .execute();
  const answer = await fetch(`${at().open}?external_id=${row!.marker}`, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([302, `/console/conversations/${row!.id}`]);
});

test('after a restart, and after a new token, it goes on', async () => {
  await opened('10');
  await product.stopService();
  await product.startAgain();
  await sends('10', 'after the restart');
  await until('it', () => said('10').length === 2);
  await product.zendesk.addIntegrationAccount(at().manifest);
  await sends('10', 'with the new token');
  await until('it', () => said('10').length === 3);
});
