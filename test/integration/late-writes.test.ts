import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Product, startProduct } from '../support/product.ts';
import { quietFor, until } from '../support/until.ts';

/** A helpdesk that acts on a request long after its caller has gone: what is looked up in vain meanwhile is not written again. */
let zendesk: Product;
let cases: Product;
beforeAll(async () => {
  [zendesk, cases] = await Promise.all([
    startProduct({ helpdesk: { actsWithin: '14s' } }),
    startProduct({ cases: { crm: 'acme-salesforce', actsWithin: '14s' } }),
  ]);
});
afterAll(() => Promise.all([zendesk?.stop(), cases?.stop()]));

const late = 8_000;
const says = (product: Product, psid: string, text: string) => {
  product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  return product.messenger.customerSends(psid, { type: 'text', text });
};
const onTicket = (psid: string) =>
  zendesk.zendesk
    .tickets()
    .filter(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`)
    .flatMap(({ comments }) => comments.map(({ body }) => body));
const onCase = () =>
  cases.salesforce.records('CaseComment').map((each) => String(each['CommentBody']).split('\n').at(-1));
const audits = () => zendesk.zendesk.requests.filter(({ path }) => path.includes('/audits')).length;

test('a comment that comes late is found, though it was not there at first; what was said since follows it', async () => {
  await Promise.all([says(zendesk, '100', 'first'), says(cases, '200', 'first')]);
  await until('tickets', () => onTicket('100').length === 1 && onCase().length === 1);
  zendesk.zendesk.inject({ kind: 'reset-late', method: 'PUT', path: '/tickets/', times: 1, delayMs: late });
  cases.salesforce.inject({ kind: 'reset-late', method: 'POST', path: '/composite', times: 1, delayMs: late });
  await Promise.all([says(zendesk, '100', 'second'), says(cases, '200', 'second')]);
  await until('the faults are met', () =>
    [zendesk.zendesk, cases.salesforce].every((each) => each.faults().length === 0),
  );
  await Promise.all([says(zendesk, '100', 'third'), says(cases, '200', 'third')]);
  await until('all of it', () => onTicket('100').includes('third') && onCase().includes('third'));
  await quietFor(500);
  expect(onTicket('100')).toEqual(['first', 'second', 'third']);
  expect(onCase()).toEqual(['first', 'second', 'third']);
}, 60_000);

test('a comment that never comes is written again once its time is over, and not before', async () => {
  await says(zendesk, '101', 'first');
  await until('a ticket', () => onTicket('101').length === 1);
  zendesk.zendesk.inject({ kind: 'reset-before', method: 'PUT', path: '/tickets/', times: 1 });
  const [from, before] = [Date.now(), audits()];
  await says(zendesk, '101', 'lost');
  await until('written anew', () => onTicket('101').includes('lost'));
  expect(Date.now() - from).toBeGreaterThan(14_000);
  expect(audits() - before).toBeGreaterThan(1);
  expect(onTicket('101')).toEqual(['first', 'lost']);
}, 60_000);
