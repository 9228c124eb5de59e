import { readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { messenger } from '../../src/sandbox/channels.ts';
import { type ChannelProduct, startChannelProduct } from '../support/channel-product.ts';
import { commandLine } from '../support/command-line.ts';
import { until } from '../support/until.ts';

let product: ChannelProduct;
beforeAll(async () => {
  product = await startChannelProduct(messenger);
  // Nobody made anything by hand.
  product.zendesk.setWebhookUrl(undefined);
});
afterAll(() => product?.stop());

const passerelle = (...args: string[]) => commandLine(product.file, undefined, args);

test('a dry run shows all that would be made, and makes nothing', async () => {
  const { code, out, err } = await passerelle('provision', 'zendesk', '--dry-run');
  expect([code, err]).toEqual([1, '']);
  expect(out).toMatch(/^acme-zendesk \(zendesk\)\n {2}create webhook “Passerelle: acme-zendesk”\n {4}name\n {4}\+ /);
  expect(out).toContain('+ [{"name":"Messenger","value":"messenger"}]');
  expect(out).toMatch(/15 things differ; nothing was changed\.\n$/);
  expect([product.zendesk.hooks(), product.zendesk.rules('triggers')]).toEqual([[], []]);
});

test('it is set up; an agent’s answer then calls back and reaches the customer', async () => {
  const { code, out, err } = await passerelle('provision', 'zendesk', 'acme-zendesk');
  expect([code, err]).toEqual([0, expect.stringMatching(/^In the configuration, .*answerUntilField: \d+: agents/)]);
  expect(out).toMatch(/15 things were put right\.\n$/);
  const again = await passerelle('provision', 'acme-zendesk');
  expect(again).toEqual({ code: 0, out: 'acme-zendesk (zendesk)\n  All is as wanted.\n', err });

  const user = messenger.user(1);
  product.platform.addCustomer({ user, name: 'Ida Berg' });
  await product.platform.customerSends(user, { type: 'text', text: 'Hello' });
  const ticket = await until('a ticket', () => product.zendesk.tickets()[0]);
  const field = product.zendesk.rules('ticket_fields').find(({ title }) => title === 'Passerelle channel')!;
  expect(ticket.fields).toMatchObject({ custom_fields: [{ id: field.id, value: 'messenger' }] });
  const before = await callbacks();
  await product.zendesk.agentComments(ticket.id, { text: 'Good morning', public: true });
  await until('the answer', () =>
    product.platform.threads()[0]?.bubbles.find(({ from, text }) => from === 'page' && text === 'Good morning'),
  );
  // One callback for the agent's answer, none for what the service itself wrote.
  expect([before, await callbacks()]).toEqual([0, 1]);
});

const callbacks = async () =>
  (await product.db.selectFrom('webhooks').where('source', '=', 'helpdesk:zendesk').select('id').execute()).length;

test('a secret that the configuration does not have is written where it is told, and shown only when asked for', async () => {
  const secret = product.zendesk.resetSecret(product.zendesk.hooks()[0]!.id);
  const asked = await passerelle('provision', 'zendesk');
  expect(asked).toMatchObject({ code: 1, err: expect.stringContaining('helpdesks, acme-zendesk: webhookSecret') });
  expect(asked.err).toContain('--secret-file');
  expect(asked.out + asked.err).not.toContain(secret);
  expect((await passerelle('provision', 'zendesk', '--dry-run')).err).toBe('');
  const shown = await passerelle('provision', 'zendesk', '--show-secret');
  expect(shown).toMatchObject({ code: 0, err: expect.stringContaining(secret) });
  const file = join(dirname(product.file), 'webhook-secret');
  await writeFile(file, 'older', { mode: 0o644 });
  expect((await passerelle('provision', 'zendesk', '--secret-file', file)).code).toBe(0);
  expect([await readFile(file, 'utf8'), (await stat(file)).mode & 0o777]).toEqual([secret, 0o600]);
  const nowhere = await passerelle('provision', 'zendesk', '--secret-file', join(file, 'nowhere'));
  expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining('could not be written') });
});

test('an agent’s login is told what is lacking; nothing is changed', async () => {
  product.zendesk.setRole('agent');
  const { code, out } = await passerelle('provision', 'zendesk', '--remove');
  product.zendesk.setRole('admin');
  expect([code, out]).toEqual([1, expect.stringMatching(/Not done: .*only administrators.*is agent/)]);
  expect(product.zendesk.hooks()).toHaveLength(1);
});

test('--remove takes away what is ours and leaves the rest', async () => {
  const macro = product.zendesk.addRule('macros', { title: 'Close', actions: [{ field: 'status', value: 'solved' }] });
  const removed = await passerelle('provision', 'zendesk', '--remove');
  expect(removed).toMatchObject({
    code: 0,
    out: expect.stringMatching(/ {2}remove trigger .*\n[\s\S]*15 things were put right/),
  });
  expect(product.zendesk.rules('macros').map(({ id }) => id)).toEqual([macro]);
  expect([product.zendesk.hooks(), product.zendesk.rules('triggers'), product.zendesk.rules('views')]).toEqual([
    [],
    [],
    [],
  ]);
  const json = await passerelle('provision', 'zendesk', '--remove', '--json');
  expect(JSON.parse(json.out)).toEqual({
    account: 'acme-zendesk',
    kind: 'zendesk',
    changes: [],
    left: [],
    state: 'as-wanted',
  });
});

test.each([
  ['an account of another kind', ['messenger', 'acme-zendesk'], /called acme-zendesk/],
  ['an account there is not', ['zendesk', 'nobody'], /called nobody[\s\S]*acme-messenger, acme-zendesk/],
])('%s: wrong usage', async (_, args, says) => {
  const { code, err } = await passerelle('provision', ...args);
  expect([code, err]).toEqual([2, expect.stringMatching(says)]);
});
