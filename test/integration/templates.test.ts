import { afterAll, beforeAll, expect, test } from 'vitest';
import { whatsapp } from '../../src/sandbox/whatsapp/sandbox.ts';
import { type ChannelProduct, startChannelProduct } from '../support/channel-product.ts';
import { until } from '../support/until.ts';

let product: ChannelProduct;
let people = 0;
beforeAll(async () => {
  product = await startChannelProduct(whatsapp);
  product.zendesk.setRateLimit(1_000_000);
});
afterAll(() => product?.stop());

const ticketOf = (user: string) =>
  product.zendesk.tickets().find(({ requester }) => requester.externalId === `whatsapp:${product.id}:${user}`);
const sentTo = (user: string) =>
  product.platform
    .threads()
    .find((thread) => thread.user === user)!
    .bubbles.filter(({ from }) => from === 'page');
const noteOn = (user: string, word: string) =>
  until('the note', () => ticketOf(user)?.comments.find((each) => !each.public && each.body.includes(word)));

async function opened() {
  const user = whatsapp.user(++people);
  product.platform.addCustomer({ user, name: `Customer ${people}` });
  await product.platform.customerSends(user, { type: 'text', text: 'Hello' });
  const ticket = (await until('a ticket', () => ticketOf(user))).id;
  const answer = (text: string, files: (typeof pdf)[] = []) =>
    product.zendesk.agentComments(ticket, {
      html: text
        .split('\n')
        .map((line) => `<p>${line}</p>`)
        .join(''),
      public: true,
      files,
    });
  return { user, ticket, answer };
}
const pdf = { name: 'receipt.pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF-1.7\n%%EOF') };

test('a file on the comment stands at the head of the template, and its blanks may be named', async () => {
  const { user, answer } = await opened();
  await answer('/template order_receipt en_US\nfirst_name: Ida\nNW-1', [pdf]);
  const [bubble] = await until('the template', () => (sentTo(user).length > 0 ? sentTo(user) : undefined));
  expect(bubble?.text).toMatch(/\[document\][\s\S]*Thank you, Ida\.[\s\S]*shop\.example\/orders\/NW-1/);
  const lent = await product.db.selectFrom('published_files').selectAll().execute();
  expect(lent).toMatchObject([{ name: 'receipt.pdf', content_type: 'application/pdf', message: expect.any(Number) }]);
});

test.each([
  ['no file where the template wants one', '/template order_receipt en_US\nIda\nNW-1', [], 'attach a document'],
  ['a file where it takes none', '/template order_update en_US\nIda\nNW-1', [pdf], 'takes no file'],
])('%s is told before anything is sent', async (_, command, files, told) => {
  const { user, answer } = await opened();
  await answer(command, files);
  await noteOn(user, told);
  expect(sentTo(user)).toEqual([]);
});

test('further files go by themselves', async () => {
  const { user, answer } = await opened();
  const other = { ...pdf, name: 'terms.pdf' };
  await answer('/template order_receipt en_US\nIda\nNW-2', [pdf, other]);
  await until('both', () => sentTo(user).length === 2);
  expect(sentTo(user)[1]).toMatchObject({ attachments: [{ name: 'terms.pdf' }] });
});
