import { afterAll, beforeAll, expect, test } from 'vitest';
import { messenger } from '../../src/sandbox/channels.ts';
import { type ChannelProduct, startChannelProduct } from '../support/channel-product.ts';
import { commandLine } from '../support/command-line.ts';
import { until } from '../support/until.ts';

let product: ChannelProduct;
beforeAll(async () => {
  product = await startChannelProduct(messenger, { humanAgent: false });
  const { code } = await commandLine(product.file, undefined, ['provision', 'zendesk', 'acme-zendesk']);
  expect(code).toBe(0);
});
afterAll(() => product?.stop());

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);

async function writes(user: string, name: string, at: Date) {
  product.platform.addCustomer({ user, name });
  await product.platform.customerSends(user, { type: 'text', text: `I am ${name}` }, { at });
  return until(`the ticket of ${name}`, () => ticketOf(name));
}

const ticketOf = (name: string) => product.zendesk.tickets().find(({ requester }) => requester.name === name);
const tagsOf = (name: string) => ticketOf(name)!.tags.filter((tag) => tag.startsWith('passerelle_'));
const fieldOf = (name: string, title: string) => {
  const { id } = product.zendesk.rules('ticket_fields').find((field) => field['title'] === title)!;
  const fields = ticketOf(name)!.fields['custom_fields'] as { id: number; value: string }[];
  return fields.find((field) => field.id === id)?.value;
};

test('a ticket from before the fields gets them; a new one and each comment take them along; a reply is told of', async () => {
  const [fresh, late, over] = [messenger.user(1), messenger.user(2), messenger.user(3)];
  await writes(fresh, 'Ida', hoursAgo(1));
  await writes(late, 'Ole', hoursAgo(23));
  await writes(over, 'Eva', hoursAgo(25));
  await until(
    'the fields of all three',
    () => ['Ida', 'Ole', 'Eva'].every((name) => tagsOf(name).length === 3),
    60_000,
  );
  expect(['Ida', 'Ole', 'Eva'].map((name) => tagsOf(name).find((tag) => tag.includes('window')))).toEqual([
    'passerelle_window_open',
    'passerelle_window_closing',
    'passerelle_window_closed',
  ]);
  expect(tagsOf('Ida')).toContain('passerelle_reply_none');
  expect(fieldOf('Ida', 'Passerelle answer until')).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC$/);

  // What is about to be missed rises; what is not, and what cannot be answered any more, does not.
  expect(['Ida', 'Ole', 'Eva'].map((name) => ticketOf(name)!.fields['priority'])).toEqual([
    undefined,
    'high',
    undefined,
  ]);

  // The comment takes the signs along: the ledger knows them as told, and no update is asked for them alone.
  await product.platform.customerSends(late, { type: 'text', text: 'Hello?' }, { at: new Date() });
  await until('the window to be open again', () => tagsOf('Ole').includes('passerelle_window_open'));
  expect(ticketOf('Ole')!.comments).toHaveLength(2);
  expect(tagsOf('Ole')).not.toContain('passerelle_window_closing');

  await product.zendesk.agentComments(ticketOf('Ida')!.id, { text: 'Good morning', public: true });
  await until('the reply at the platform', () =>
    product.platform.threads().some(({ bubbles }) => bubbles.some(({ text }) => text === 'Good morning')),
  );
  await product.platform.customerSends(fresh, { type: 'text', text: 'Thanks' });
  await until('the reply on the ticket', () => tagsOf('Ida').some((tag) => /_reply_(sent|delivered|read)$/.test(tag)));
}, 120_000);

test('the ledger holds what the tickets show, so that it is not written again', async () => {
  const shown = ['Ida', 'Ole', 'Eva'].map((name) => tagsOf(name).toSorted()).toSorted();
  const rows = await product.db.selectFrom('ticket_signs').select('signs').where('told_at', 'is not', null).execute();
  const held = rows.map(({ signs }) => [
    `passerelle_customer_${signs!.customer}`,
    `passerelle_reply_${signs!.reply}`,
    `passerelle_window_${signs!.window}`,
  ]);
  expect(held.toSorted()).toEqual(shown);
});
