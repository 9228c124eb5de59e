import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderEventTypes } from '../domain/order.ts';
import { readNoticeTexts } from './notice-texts.ts';
import { orderTexts, sampleContext } from './notice-variables.ts';

const kinds = ['messenger', 'whatsapp', 'sms', 'line', 'telegram', 'wechat', 'instagram'];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'passerelle-texts-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function reading(files: Record<string, string>) {
  const own = mkdtempSync(join(folder, 'each-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(own, path, '..'), { recursive: true });
    writeFileSync(join(own, path), text);
  }
  return readNoticeTexts(own, kinds, ['en']);
}
function texts(files: Record<string, string> = {}) {
  const read = reading(files);
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
  return read.value;
}
const shipped = (languages: string[], channel = 'messenger', files: Record<string, string> = {}) =>
  texts(files).render('order.shipped', { channel, languages }, sampleContext());

test('there are texts for each event of an order, and for no other', () => {
  expect([...orderTexts].sort()).toEqual([...orderEventTypes].sort());
});

describe('the texts that come along', () => {
  test.each(orderEventTypes)('%s has words in English and French, that fit everywhere', (name) => {
    for (const language of ['en', 'fr'])
      for (const channel of kinds) {
        const said = texts().render(name, { channel, languages: [language] }, sampleContext());
        expect(said).toMatchObject({ language, text: expect.stringMatching(/\S/) });
        expect(said!.text).not.toMatch(/\{\{|\}\}|undefined|NaN/);
        expect(said!.title.length).toBeLessThanOrEqual(80);
        if (channel === 'sms') expect(said!.text.length).toBeLessThanOrEqual(160);
      }
  });

  test('say what they say', () => {
    expect(shipped(['en'])).toEqual({
      language: 'en',
      title: 'Your order is on its way',
      text: 'Order NW-10077 has left us with PostNord. Expected: Saturday, November 28.',
      picture: 'https://shop.example/hat.jpg',
      choices: [
        { title: 'Track it', url: 'https://track.example/PN123456' },
        { title: 'See the order', url: 'https://shop.example/orders/NW-10077' },
        { title: 'Contact us', payload: 'passerelle:contact' },
      ],
      template: {
        ...{ name: 'order_shipped', language: 'en', category: 'utility', document: false },
        ...{ names: ['order', 'carrier', 'number'], parameters: ['NW-10077', 'PostNord', 'PN123456'] },
      },
      labels: { subtotal: 'Subtotal', shipping: 'Shipping', tax: 'Tax', total: 'Total' },
    });
  });

  test('leave out what is not known: a button without an address, a picture, an amount', () => {
    const bare = { order: { number: 'N-1' }, language: 'en' };
    const said = texts().render('order.confirmed', { channel: 'line', languages: ['en'] }, bare);
    expect(said).toMatchObject({ text: 'Hello! We have your order N-1.' });
    expect(said!.choices.map(({ title }) => title)).toEqual(['Contact us']);
    expect(said).not.toHaveProperty('picture');
  });
});

const own = { 'order.shipped/nb.liquid': 'På vei', 'order.shipped/pt-BR.liquid': 'A caminho' };
test.each([
  [['fr-CA'], 'fr'],
  [['fr_CA'], 'fr'],
  [['de', 'fr'], 'fr'],
  [['de'], 'en'],
  [[], 'en'],
  [['pt-BR'], 'pt-BR'],
  [['pt'], 'en'],
  [['NB-no'], 'nb'],
])('of %j it is written in %s', (languages, expected) => {
  expect(shipped(languages, 'messenger', own)?.language).toBe(expected);
});

test('a text of one’s own goes before the one that comes along, and one for the channel before that for all', () => {
  const files = { 'order.shipped/en.liquid': 'Ours: {{ order.number }}', 'order.shipped/en.line.liquid': 'On LINE' };
  expect(shipped(['en'], 'messenger', files)).toMatchObject({ text: 'Ours: NW-10077', title: '', choices: [] });
  expect(shipped(['en'], 'line', files)?.text).toBe('On LINE');
  expect(shipped(['en'], 'sms', files)?.text).toMatch(/^Nordic Wool: order NW-10077/);
  expect(texts(files).render('order.nothing', { channel: 'line', languages: [] }, {})).toBeUndefined();
});

test.each([
  ['an unknown variable', 'order.paid/en.liquid', 'Hello\n{{ order.nummer }}', 2, /unknown variable order\.nummer/],
  ['an unknown filter', 'order.paid/en.liquid', '{{ order.number | mony }}', 1, /undefined filter: mony/],
  [
    'a thing of a line that is none',
    'order.paid/en.liquid',
    '{% for l in order.lines %}{{ l.titel }}{% endfor %}',
    1,
    /titel/,
  ],
  [
    'words below the front matter',
    'order.paid/en.liquid',
    '---\ntitle: "x"\n---\n\n{{ ordr.number }}',
    5,
    /unknown variable ordr/,
  ],
  ['a wrong variable in a title', 'order.paid/en.liquid', '---\ntitle: "{{ custmer.name }}"\n---\nx', 2, /custmer/],
  [
    'a wrong variable in a parameter',
    'order.paid/en.liquid',
    '---\ntemplates:\n  line:\n    name: a\n    language: en\n    parameters:\n      a: "{{ order.x }}"\n---\nx',
    7,
    /order\.x/,
  ],
  ['a key nobody knows', 'order.paid/en.liquid', '---\ntitel: "x"\n---\nx', 2, /unknown|titel/],
  [
    'a button that does nothing',
    'order.paid/en.liquid',
    '---\nbuttons:\n  - { title: "x" }\n---\nx',
    3,
    /either url or contact/,
  ],
  ['a file that is no text', 'order.paid/english.txt', 'x', 0, /not the name of a text/],
  ['a channel nobody knows', 'order.paid/en.fax.liquid', 'x', 0, /no channel is called fax/],
  ['an event nobody knows', 'order.shiped/en.liquid', 'x', 0, /nothing is called order\.shiped/],
])('%s is told with its file and line', (_, file, text, line, problem) => {
  const read = reading({ [file]: text });
  expect(read).toMatchObject({ ok: false });
  const [mistake] = read.ok ? [] : read.mistakes;
  expect(mistake).toMatchObject({ line, problem: expect.stringMatching(problem) });
  expect(mistake!.file.endsWith(file)).toBe(true);
});
