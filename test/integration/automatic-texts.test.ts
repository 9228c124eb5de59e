import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { applyMapping } from '../../src/flows/change-mapping.ts';
import { deliver, item } from '../support/meta-webhook.ts';
import { type Product, startProduct } from '../support/product.ts';
import { quietFor, until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct({ mapping: {}, media: { maxBytes: '5kb', textWaits: '100ms' } });
});
afterAll(() => product?.stop());

const never = { timeZone: 'Europe/Paris', special: { '2100-01-04': ['09:00-10:00'] } };

async function apply(mapping: Record<string, unknown>) {
  const { source } = product.configuration.mapping;
  const applied = await applyMapping(product.db, source, { text: stringify(mapping), who: 'test' });
  expect(applied.result).toBe('applied');
  // Until this process knows it; messages know it at once, but whether any text is sent is asked of what holds now.
  await quietFor(1_300);
}

const bubblesOf = (psid: string) =>
  product.messenger
    .threads()
    .find((thread) => thread.psid === psid)
    ?.bubbles.filter(({ from }) => from === 'page') ?? [];
const ticketOf = (psid: string) =>
  product.zendesk.tickets().find(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`);

async function says(psid: string, text: string, options: { name?: string; locale?: string } = {}) {
  product.messenger.addCustomer({
    psid,
    name: options.name ?? 'Ana Núñez',
    ...(options.locale && { locale: options.locale }),
  });
  await product.messenger.customerSends(psid, { type: 'text', text });
}

test('nothing is sent unless it is written in the mapping', async () => {
  await says('400', 'hello');
  await until('a ticket', () => ticketOf('400'));
  await quietFor(300);
  expect(bubblesOf('400')).toEqual([]);
});

test('whoever writes first is welcomed once, in their language, with choices; agents see it as a note', async () => {
  await apply({
    automaticTexts: {
      welcome: {
        text: { default: 'Hello {{ customer.firstName }}', fr: 'Bonjour {{ customer.firstName }}' },
        choices: [{ title: "{% if language == 'fr' %}Ma commande{% else %}My order{% endif %}", payload: 'order' }],
      },
    },
  });
  await says('401', 'Bonjour, je voudrais savoir où est ma commande', { name: 'Ana Núñez' });
  const [welcome] = await until('a welcome', () => (bubblesOf('401').length > 0 ? bubblesOf('401') : undefined));
  expect(welcome).toMatchObject({ text: 'Bonjour Ana', choices: ['Ma commande'] });
  const note = await until('the note', () => ticketOf('401')?.comments.find((comment) => !comment.public));
  expect(note.body).toBe('🤖 Sent to the customer automatically:\nBonjour Ana');
  expect(ticketOf('401')?.comments[0]).toMatchObject({ public: true, authorRole: 'end-user' });
  const task = () =>
    product.salesforce.records('Task').find((each) => String(each['Description']).includes('Bonjour Ana'));
  expect(String((await until('the history', task))['Description'])).toMatch(/Automatic:\nBonjour Ana/);
  await product.messenger.customerSends('401', { type: 'text', text: 'still there?' });
  await until('the second message', () => ticketOf('401')?.comments.some(({ body }) => body === 'still there?'));
  await quietFor(300);
  expect(bubblesOf('401')).toHaveLength(1);
});

test('who was here before is not welcomed, and what is old, or found later, is not answered', async () => {
  await product.messenger.customerSends('400', { type: 'text', text: 'me again' });
  product.messenger.addCustomer({ psid: '402', name: 'Late' });
  const old = item('402', { message: { mid: 'm_old', text: 'an hour ago' } }, Date.now() - 3_600_000);
  await deliver(product.url, [old]);
  await until(
    'both tickets',
    () => ticketOf('402') && ticketOf('400')?.comments.some(({ body }) => body === 'me again'),
  );
  await quietFor(300);
  expect([...bubblesOf('400'), ...bubblesOf('402')]).toEqual([]);
});

test('out of hours a text goes once for the time it is closed', async () => {
  await apply({
    openingHours: never,
    automaticTexts: {
      outOfHours: {
        text: "Back {{ hours.opensAt | in_zone: hours.timeZone, 'yyyy-MM-dd HH:mm' }}{% if hours.open %}!{% endif %}",
      },
    },
  });
  await says('403', 'anybody?');
  await until('the text', () => bubblesOf('403').length > 0);
  await product.messenger.customerSends('403', { type: 'text', text: 'hello?' });
  await until('the second message', () => ticketOf('403')?.comments.some(({ body }) => body === 'hello?'));
  await quietFor(300);
  // The opening is further off than anybody looks: the text says nothing of it.
  expect(bubblesOf('403').map(({ text }) => text)).toEqual(['Back']);
});

test('a file that is too large is told to the customer, once a day', async () => {
  await apply({
    automaticTexts: { fileTooLarge: { text: 'Sorry, {{ file.name }} was too large: {{ file.reason }}.' } },
  });
  product.messenger.addCustomer({ psid: '404', name: 'Filmer' });
  const film = { name: 'film.bin', contentType: 'application/octet-stream', bytes: Buffer.alloc(20_000, 1) };
  await product.messenger.customerSends('404', { type: 'file', files: [film] });
  const [told] = await until('the text', () => (bubblesOf('404').length > 0 ? bubblesOf('404') : undefined));
  expect(told?.text).toMatch(/^Sorry, \S+ was too large: it has/);
  await product.messenger.customerSends('404', { type: 'file', files: [film] });
  await until(
    'both files',
    () => (ticketOf('404')?.comments.filter(({ body }) => body.includes('not attached')).length ?? 0) > 1,
  );
  await quietFor(300);
  expect(bubblesOf('404')).toHaveLength(1);
});
