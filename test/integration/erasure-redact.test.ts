import { afterAll, beforeAll, expect, test } from 'vitest';
import { placesWith, tablesWith } from '../support/canaries.ts';
import { commandLine } from '../support/command-line.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct({ settings: { privacy: { helpdesk: 'redact', records: 'all' } } });
});
afterAll(() => product?.stop());

const passerelle = (...args: string[]) => commandLine(product.file, product.databaseUrl, args);

interface Receipt {
  state: string;
  steps: { what: string; state: string; count: number; reason?: string }[];
}
const ended = (code: string) =>
  until('the erasure', async () => {
    const receipt = JSON.parse((await passerelle('erasures', 'show', code, '--json')).out) as Receipt;
    return /^(done|incomplete)$/.test(receipt.state) ? receipt : undefined;
  });

test('redacted, tickets stay without a word or name; with records: all, a contact that was there before goes as well', async () => {
  const psid = '7712004519001';
  const words = ['Eisvogel', psid];
  product.messenger.addCustomer({ psid, name: 'Eisvogel Name' });
  // By our own key they are who was a contact of the company's before.
  const key = `messenger:acme-page:${psid}`;
  const contact = product.salesforce.add('Contact', { LastName: 'Eisvogel', Passerelle_Key__c: key });
  const bytes = Buffer.from('Eisvogel in a file');
  await product.messenger.customerSends(psid, {
    ...{ type: 'file', files: [{ name: 'Eisvogel.txt', contentType: 'text/plain', bytes }] },
    text: 'Eisvogel says hello',
  });
  const mine = () => product.zendesk.tickets().find(({ requester }) => requester.externalId === key);
  const ticket = await until('the ticket with its file', () => {
    const found = mine();
    return found?.comments.some(({ attachments }) => attachments.length > 0) ? found : undefined;
  });
  await product.zendesk.agentComments(ticket.id, { html: '<p>Dear Eisvogel</p>', public: true });
  await until('its history', () =>
    product.salesforce
      .records('Task')
      .some(({ Description: text, WhoId }) => WhoId === contact && /Dear Eisvogel/.test(String(text))),
  );
  const asked = await passerelle('erase-customer', '--account', 'acme-page', '--user', psid, '--yes', '--json');
  const receipt = await ended((JSON.parse(asked.out) as { code: string }).code);
  expect(receipt.steps.filter(({ state }) => state !== 'done')).toEqual([]);
  expect(receipt.steps).toContainEqual(expect.objectContaining({ what: 'contact', count: 1 }));
  const left = product.zendesk.tickets().find(({ id }) => id === ticket.id)!;
  expect(left.comments.length).toBeGreaterThanOrEqual(2);
  expect(placesWith(product, words)).toEqual([]);
  expect(product.salesforce.records('Contact').find(({ Id }) => Id === contact)).toBeUndefined();
  await until('the database without them', async () => (await tablesWith(product, words)).length === 0);
});
