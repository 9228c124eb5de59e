import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChannelSandbox } from '../../src/sandbox/contract.ts';
import { instagram } from '../../src/sandbox/instagram/sandbox.ts';
import { line } from '../../src/sandbox/line/sandbox.ts';
import { messenger } from '../../src/sandbox/messenger/sandbox.ts';
import { telegram } from '../../src/sandbox/telegram/sandbox.ts';
import { whatsapp } from '../../src/sandbox/whatsapp/sandbox.ts';
import { type ChannelsProduct, startChannelsProduct } from '../support/channel-product.ts';
import { until } from '../support/until.ts';

let product: ChannelsProduct;
beforeAll(async () => {
  product = await startChannelsProduct([messenger, instagram, whatsapp, telegram, line]);
  product.zendesk.setRateLimit(1_000_000);
});
afterAll(() => product?.stop());

async function asked(kind: string) {
  const { platform, sandbox, id } = product.played.find((each) => each.sandbox.kind === kind)!;
  const user = sandbox.user(77);
  platform.addCustomer({ user, name: 'Ada' });
  const first = await platform.customerSends(user, { type: 'text', text: 'Where is my order?' });
  await platform.customerSends(user, { type: 'text', text: 'And what of the other one?' });
  const found = () =>
    product.zendesk.tickets().find(({ requester }) => requester.externalId === `${kind}:${id}:${user}`);
  const ticket = await until('both questions', () =>
    found()?.comments.some(({ body }) => body.includes('other')) ? found() : undefined,
  );
  const answer = (html: string) => product.zendesk.agentComments(ticket.id, { html, public: true });
  const sent = () =>
    platform
      .threads()
      .find((thread) => thread.user === user)!
      .bubbles.filter(({ from }) => from === 'page');
  return { first, answer, sent };
}

test.each([messenger, instagram, whatsapp, telegram].map(({ kind }) => kind))(
  '%s: an answer under a quote hangs under what it quotes, and the quote is not sent',
  async (kind) => {
    const { first, answer, sent } = await asked(kind);
    await answer('<blockquote><p>Where is my order?</p></blockquote><p>On its way.</p>');
    await until('the answer', () => sent().length === 1);
    expect(sent()).toMatchObject([{ text: 'On its way.', replyTo: first }]);
    await answer('<blockquote><p>Never said by anyone</p></blockquote><p>Hm.</p>');
    await until('the other', () => sent().length === 2);
    expect(sent()[1]?.text).toMatch(/^> Never said by anyone\s+Hm\.$/);
    expect(sent()[1]?.replyTo).toBeUndefined();
  },
  40_000,
);

test('where the platform cannot quote, the quote is sent as the agent wrote it', async () => {
  const { answer, sent } = await asked((line as ChannelSandbox).kind);
  await answer('<blockquote><p>Where is my order?</p></blockquote><p>On its way.</p>');
  await until('the answer', () => sent().length === 1);
  expect(sent()[0]?.text).toMatch(/^> Where is my order\?\s+On its way\.$/);
}, 40_000);
