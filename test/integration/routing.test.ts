import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { applyMapping } from '../../src/flows/change-mapping.ts';
import { addDeskFields } from '../support/desk-fields.ts';
import { deliver, item } from '../support/meta-webhook.ts';
import { type Product, startProduct } from '../support/product.ts';
import { quietFor, until } from '../support/until.ts';

const vip = 360_000_100_002;
const returns = 360_000_100_003;
const support = 360_000_100_001;
const outlet = 360_000_200_002;
const returnsForm = 360_000_300_002;
const alice = 9_002;

let fields: ReturnType<typeof addDeskFields>;
const routing = () => [
  {
    name: 'returns',
    when: { text: { words: ['return', 'retour'], matches: 'order +#?[0-9]{6}' } },
    set: { group: 'returns', form: 'Returns form', type: 'problem', tags: ['{{ language }}'] },
    stop: true,
  },
  {
    when: { referral: 'summer-*' },
    set: {
      brand: 'Acme Outlet',
      fields: { custom_fields: [{ id: fields.order, value: '{{ referral.ref }}' }] },
    },
  },
  { when: { customer: 'known' }, set: { group: 'VIP', priority: 'high', assignee: 'alice@acme.example' } },
  { when: { text: { contains: 'gone' } }, set: { group: 'Deleted', brand: 'Nobody', assignee: 'x@acme.example' } },
  {
    when: { text: { contains: 'wrong value' } },
    set: { fields: { custom_fields: [{ id: fields.way, value: 'x' }] } },
  },
  { set: { group: 'Support' } },
];

let product: Product;
beforeAll(async () => {
  product = await startProduct();
  fields = addDeskFields(product.zendesk);
  const { source } = product.configuration.mapping;
  const mapping = {
    routing: routing(),
    tickets: {
      fields: { custom_fields: [{ id: fields.way, value: "{% if channel.kind == 'messenger' %}app{% endif %}" }] },
    },
    requester: { fields: { language: '{{ customer.locale }}' } },
  };
  expect(await applyMapping(product.db, source, { text: stringify(mapping), who: 'test' })).toMatchObject({
    result: 'applied',
  });
  // Messages know their version at once; what is written of users is what holds now, noticed within a second.
  await quietFor(1_300);
});
afterAll(() => product?.stop());

const ticketsOf = (psid: string) =>
  product.zendesk.tickets().filter(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`);

async function ticketOf(psid: string, text: string, locale = 'en_US') {
  product.messenger.addCustomer({ psid, name: `Customer ${psid}`, locale });
  await product.messenger.customerSends(psid, { type: 'text', text });
  return until('a ticket', () =>
    ticketsOf(psid).find(({ comments }) => comments.some(({ body }) => body.includes(text))),
  );
}

const channelField = () => ({ id: fields.way, value: 'app' });

test('a word in the text sends it to a group and a form, and stops there', async () => {
  const ticket = await ticketOf('300', 'Bonjour, je voudrais un retour pour mes chaussures');
  expect(ticket.fields).toEqual({
    group_id: returns,
    ticket_form_id: returnsForm,
    type: 'problem',
    custom_fields: [channelField()],
  });
  // What is chosen in a drop-down field is a tag, too.
  expect(ticket.tags).toEqual(['app', 'fr', 'messenger', 'passerelle']);
});

test('what no rule is about goes where the last one says; the user gets their fields', async () => {
  const ticket = await ticketOf('301', 'hello', 'fr_FR');
  expect(ticket.fields).toEqual({ group_id: support, custom_fields: [channelField()] });
  const fields = await until('the fields', () => ticketsOf('301')[0]?.requester.fields['language']);
  expect(fields).toBe('fr_FR');
});

test('the referral a customer came by counts for what they say then', async () => {
  product.messenger.addCustomer({ psid: '302', name: 'From the link' });
  const at = Date.now();
  const referral = item('302', { referral: { ref: 'summer-9', source: 'SHORTLINK', type: 'OPEN_THREAD' } }, at);
  const message = item('302', { message: { mid: 'm_summer', text: 'what is new?' } }, at + 10);
  await deliver(product.url, [referral, message]);
  const ticket = await until('a ticket', () => ticketsOf('302')[0]);
  expect(ticket.fields).toMatchObject({ brand_id: outlet, group_id: support });
  expect(ticket.fields['custom_fields']).toEqual([{ id: fields.order, value: 'summer-9' }, channelField()]);
});

test('somebody known is told from somebody new', async () => {
  const first = await ticketOf('303', 'first time');
  product.zendesk.setStatus(first.id, 'closed');
  await product.messenger.customerSends('303', { type: 'text', text: 'second time' });
  const again = await until('a second ticket', () => ticketsOf('303').find(({ id }) => id !== first.id));
  expect(again.fields).toMatchObject({ group_id: vip, priority: 'high', assignee_id: alice });
  expect(first.fields).toMatchObject({ group_id: support });
});

test('a name that is not there is told; the ticket is opened all the same', async () => {
  const { id, fields, tags } = await ticketOf('304', 'they are gone');
  expect(fields).toEqual({ custom_fields: [channelField()] });
  expect(tags).toContain('passerelle_routing_failed');
  const note = await until('a note', () => ticketsOf('304')[0]?.comments.find((comment) => !comment.public));
  expect(note.body).toBe(
    'This ticket could not be routed as the mapping says: there is no group “Deleted”, no brand “Nobody”, no agent “x@acme.example”. Please correct the mapping, or what it names.',
  );
  expect(ticketsOf('304').map((ticket) => ticket.id)).toEqual([id]);
});

test('a value the helpdesk refuses does not lose the message either', async () => {
  const { fields, tags, comments } = await ticketOf('305', 'a wrong value');
  expect(fields).toEqual({});
  expect(tags).toContain('passerelle_routing_failed');
  expect(comments[0]?.body).toBe('a wrong value');
  const note = await until('a note', () => ticketsOf('305')[0]?.comments.find((comment) => !comment.public));
  expect(note.body).toContain('the helpdesk refused it with its fields and its routing');
});

test('a group that is deleted after its name was looked up is noticed; one that is made is found', async () => {
  product.zendesk.addGroup('Short-lived');
  const { source } = product.configuration.mapping;
  const rules = (group: string) => stringify({ routing: [{ set: { group } }] });
  await applyMapping(product.db, source, { text: rules('Short-lived'), who: 'test' });
  expect((await ticketOf('306', 'while it lives')).fields).toEqual({ group_id: expect.any(Number) });
  product.zendesk.removeGroup('Short-lived');
  const ticket = await ticketOf('307', 'after that');
  expect(ticket.fields).toEqual({});
  expect(ticket.tags).toContain('passerelle_routing_failed');
  const note = await until('a note', () => ticketsOf('307')[0]?.comments.find((comment) => !comment.public));
  expect(note.body).toContain('there is no group “Short-lived”');
});
