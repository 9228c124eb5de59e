import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as sandboxes from '../../src/sandbox/channels.ts';
import type { ChannelSandbox } from '../../src/sandbox/contract.ts';
import { type ChannelProduct, startChannelProduct } from '../support/channel-product.ts';
import { until } from '../support/until.ts';

const photo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe.each(Object.values<ChannelSandbox>(sandboxes).map((each) => [each.kind, each] as const))(
  '%s, there and back',
  (kind, sandbox) => {
    let product: ChannelProduct;
    let people = 0;
    beforeAll(async () => {
      product = await startChannelProduct(sandbox);
      product.zendesk.setRateLimit(1_000_000);
    });
    afterAll(() => product?.stop());

    const newCustomer = (name: string): string => {
      const user = sandbox.user(++people);
      product.platform.addCustomer({ user, name });
      return user;
    };
    const ticketsOf = (user: string) =>
      product.zendesk.tickets().filter(({ requester }) => requester.externalId === `${kind}:${product.id}:${user}`);
    const sentTo = (user: string) =>
      product.platform
        .threads()
        .find((thread) => thread.user === user)!
        .bubbles.filter(({ from }) => from === 'page');
    const opened = async (name: string) => {
      const user = newCustomer(name);
      await product.platform.customerSends(user, { type: 'text', text: `Hello, this is ${name}` });
      const ticket = await until('a ticket', () => ticketsOf(user)[0]);
      return { user, ticket: ticket.id };
    };

    test('what a customer writes becomes a ticket, once, however often the webhook comes', async () => {
      product.platform.webhooks.copies = 3;
      const { user } = await opened('Ida Berg');
      await product.platform.customerSends(user, { type: 'text', text: 'Where is my parcel? 👩‍👩‍👧 « ñ »' });
      product.platform.webhooks.copies = 1;
      await until('both', () => ticketsOf(user)[0]!.comments.some(({ body }) => body.includes('👩‍👩‍👧 « ñ »')));
      expect(ticketsOf(user)).toHaveLength(1);
      const words = ticketsOf(user)[0]!
        .comments.map(({ body }) => body)
        .join('\n');
      expect(words.match(/Hello, this is Ida Berg/g)).toHaveLength(1);
      expect(words.match(/Where is my parcel/g)).toHaveLength(1);
    });

    test('a picture is a real attachment', async () => {
      const user = newCustomer('Photographer');
      const file = { name: 'photo.png', contentType: 'image/png', bytes: photo };
      await product.platform.customerSends(user, { type: 'image', files: [file] });
      const [attachment] = await until('an attachment', () => {
        const files = ticketsOf(user)[0]?.comments.flatMap(({ attachments }) => attachments) ?? [];
        return files.length > 0 && files;
      });
      expect(attachment).toMatchObject({ contentType: 'image/png', bytes: photo.length });
    });

    test('everything a customer can send is taken in and shown', async () => {
      const user = newCustomer('Everything');
      const file = { name: 'sound.bin', contentType: 'application/octet-stream', bytes: Buffer.from('bytes') };
      for (const type of sandbox.sends) await product.platform.customerSends(user, partOf(type, file));
      await until('all of it', async () => {
        const row = await product.db
          .selectFrom('messages as m')
          .innerJoin('conversations as c', 'c.id', 'm.conversation')
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .where('c.platform_user', '=', user)
          .where('m.kind', '=', 'said')
          .where('m.ticket', 'is not', null)
          .executeTakeFirst();
        return row?.n === sandbox.sends.length;
      });
    });

    test('an agent’s answer arrives once; an internal note never', async () => {
      const { user, ticket } = await opened('Answered');
      await product.zendesk.agentComments(ticket, { text: 'SECRET of the house', public: false });
      await product.zendesk.agentComments(ticket, { text: 'Your parcel leaves today.', public: true });
      await until('the answer', () => sentTo(user).some(({ text }) => text === 'Your parcel leaves today.'));
      await product.zendesk.agentComments(ticket, { text: 'And it is blue.', public: true });
      await until('the next', () => sentTo(user).some(({ text }) => text === 'And it is blue.'));
      expect(sentTo(user).map(({ text }) => text)).toEqual(['Your parcel leaves today.', 'And it is blue.']);
      // Told back by the platform, they are known as ours.
      const words = product.zendesk
        .tickets()
        .filter(({ id }) => id === ticket)
        .flatMap(({ comments }) => comments.map(({ body }) => body));
      expect(words.filter((body) => body.includes('Your parcel leaves today.'))).toHaveLength(1);
    });

    test('a webhook with a wrong signature is refused and leaves nothing', async () => {
      const answer = await fetch(`${product.url}/webhooks/${kind}/${product.id}`, { method: 'POST', body: 'forged' });
      expect([400, 401, 403]).toContain(answer.status);
      const kept = product.db.selectFrom('webhooks').select('id').where('body', '=', Buffer.from('forged'));
      expect(await kept.execute()).toEqual([]);
    });

    test('a dead token holds the answer; once it lives again, the answer goes', async () => {
      const { user, ticket } = await opened('Patient');
      product.platform.expireToken(true);
      await product.zendesk.agentComments(ticket, { text: 'Held back', public: true });
      await until('it is noticed', async () =>
        (await (await fetch(`${product.url}/health/ready`)).text()).includes(`channel:${product.id}`),
      );
      expect(sentTo(user)).toEqual([]);
      product.platform.expireToken(false);
      await until('the answer', () => sentTo(user).some(({ text }) => text === 'Held back'), 45_000);
      expect(sentTo(user)).toHaveLength(1);
    }, 60_000);

    test('asked to wait, it waits; and says nothing twice', async () => {
      const { user, ticket } = await opened('Waiting');
      product.platform.inject({ kind: '429', method: 'POST', times: 1, retryAfter: 1 });
      await product.zendesk.agentComments(ticket, { text: 'After a while', public: true });
      await until('the answer', () => sentTo(user).some(({ text }) => text === 'After a while'), 30_000);
      expect(sentTo(user)).toHaveLength(1);
    }, 40_000);
  },
);

function partOf(
  type: ChannelSandbox['sends'][number],
  file: { name: string; contentType: string; bytes: Buffer },
): Parameters<ChannelProduct['platform']['customerSends']>[1] {
  switch (type) {
    case 'text':
      return { type, text: 'words' };
    case 'sticker':
      return { type, stickerId: '369239263222822' };
    case 'location':
      return { type, latitude: 48.85, longitude: 2.35, title: 'Here' };
    case 'link':
      return { type, url: 'https://shop.example/a', title: 'A thing' };
    case 'postback':
      return { type, title: 'Track it', payload: 'TRACK' };
    case 'image':
      return { type, files: [{ ...file, name: 'p.png', contentType: 'image/png', bytes: photo }] };
    default:
      return { type, files: [file] };
  }
}
