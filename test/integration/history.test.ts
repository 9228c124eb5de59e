import { afterAll, beforeAll, expect, test } from 'vitest';
import { envelope, item, signed } from '../support/meta-webhook.ts';
import { metric } from '../support/metric.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

const hook = (body: string) => fetch(`${product.url}/webhooks/messenger/acme-page`, signed(body));
const tasks = (words: string) =>
  product.salesforce.records('Task').filter((task) => String(task['Description']).includes(words));

async function customer(psid: string, text: string): Promise<void> {
  product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  await product.messenger.customerSends(psid, { type: 'text', text });
}

test('one task a ticket holds the whole transcript, both sides, tied to the contact', async () => {
  await customer('100', 'Question one');
  const ticket = await until('a ticket', () => product.zendesk.tickets()[0]);
  await product.zendesk.agentComments(ticket.id, { text: 'Answer one', public: true });
  await until('both sides', () => tasks('Answer one').length > 0);
  await product.messenger.customerSends('100', { type: 'text', text: 'Question two' });
  const [task] = await until('all three', () => tasks('Question two').length > 0 && tasks('Question two'));
  expect(product.salesforce.records('Task')).toHaveLength(1);
  expect(String(task?.['Description'])).toMatch(
    /Customer 100:\nQuestion one[\s\S]*Agent:\nAnswer one[\s\S]*Question two/,
  );
  const [contact] = product.salesforce.records('Contact');
  expect(contact).toMatchObject({ Passerelle_Key__c: 'messenger:acme-page:100' });
  expect(task?.['WhoId']).toBe(contact?.Id);
  expect(task?.['Subject']).toContain(String(ticket.id));
});

test('a contact with the e-mail a quick reply told is the customer', async () => {
  const id = product.salesforce.add('Contact', { LastName: 'Berg', Email: 'ida@example.com' });
  product.messenger.addCustomer({ psid: '101', name: 'Ida' });
  const told = { message: { mid: 'm_email', text: 'ida@example.com', quick_reply: { payload: 'ida@example.com' } } };
  await hook(envelope([item('101', told)]));
  const [task] = await until('a task', () => tasks('ida@example.com').length > 0 && tasks('ida@example.com'));
  expect(task?.['WhoId']).toBe(id);
});

test('several contacts: nothing is guessed, agents are told, the history goes on without', async () => {
  for (const name of ['One', 'Two']) product.salesforce.add('Contact', { LastName: name, Email: 'shared@example.com' });
  const before = product.salesforce.records('Contact').length;
  product.messenger.addCustomer({ psid: '102', name: 'Somebody' });
  const told = {
    message: { mid: 'm_shared', text: 'shared@example.com', quick_reply: { payload: 'shared@example.com' } },
  };
  await hook(envelope([item('102', told)]));
  const [task] = await until('a task', () => tasks('shared@example.com').length > 0 && tasks('shared@example.com'));
  expect(task?.['WhoId'] ?? null).toBeNull();
  expect(product.salesforce.records('Contact')).toHaveLength(before);
  const ticket = product.zendesk.tickets().find((t) => t.requester.externalId?.endsWith(':102'))!;
  await until('the note', () =>
    product.zendesk
      .tickets()
      .find(({ id }) => id === ticket.id)
      ?.comments.find((c) => !c.public && /Several contacts/.test(c.body)),
  );
});

test('Salesforce being down delays history, never the ticket', async () => {
  product.salesforce.inject({ kind: '503', times: 4 });
  await customer('103', 'while it is down');
  await until(
    'the ticket',
    () => product.zendesk.tickets().find((t) => t.comments[0]?.body === 'while it is down'),
    5_000,
  );
  expect(tasks('while it is down')).toEqual([]);
  await until('the history', () => tasks('while it is down').length > 0, 45_000);
  await until(
    'no backlog',
    async () => (await metric(product.url, 'passerelle_backlog', { target: 'crm:acme-salesforce' })) === 0,
  );
}, 60_000);

test('a long conversation rolls over to a further task', async () => {
  await customer('104', 'the beginning');
  for (let i = 0; i < 20; i++) await hook(envelope([item('104', `${i} ${'long '.repeat(380)}end${i}.`)]));
  await until('the end', () => tasks('end19.').length > 0, 30_000);
  const found = product.salesforce
    .records('Task')
    .filter((task) => /long long|the beginning/.test(String(task['Description'])));
  expect(found.length).toBeGreaterThan(1);
  expect(Math.max(...found.map((task) => String(task['Description']).length))).toBeLessThanOrEqual(32_000);
}, 60_000);

test('a contact deleted in Salesforce is sought anew', async () => {
  await customer('105', 'first');
  const [task] = await until('the task', () => tasks('first').length > 0 && tasks('first'));
  product.salesforce.remove('Contact', String(task?.['WhoId']));
  await product.messenger.customerSends('105', { type: 'text', text: 'second, after the deletion' });
  await until(
    'a new contact',
    () => tasks('second, after')[0]?.['WhoId'] !== task?.['WhoId'] && tasks('second, after')[0],
  );
  expect(tasks('second, after')).toHaveLength(1);
}, 30_000);

test('what was parked of a ticket is done once a task with the whole ticket is written', async () => {
  await customer('106', 'refused once');
  await until('the task', () => tasks('refused once').length > 0);
  const state = async () =>
    (
      await product.db
        .selectFrom('deliveries as d')
        .innerJoin('conversations as c', 'c.id', 'd.conversation')
        .select('d.state')
        .where('c.platform_user', '=', '106')
        .where('d.target', '=', 'crm:acme-salesforce')
        .orderBy('d.message')
        .execute()
    ).map((row) => row.state);
  await until('done', async () => (await state())[0] === 'done');
  await product.db
    .updateTable('deliveries')
    .set({ state: 'parked', reason: 'a validation rule of the org refuses it' })
    .where('target', '=', 'crm:acme-salesforce')
    .where('state', '=', 'done')
    .where('conversation', 'in', (q) => q.selectFrom('conversations').select('id').where('platform_user', '=', '106'))
    .execute();
  await product.messenger.customerSends('106', { type: 'text', text: 'and taken then' });
  await until('both done', async () => (await state()).join() === 'done,done');
}, 30_000);
