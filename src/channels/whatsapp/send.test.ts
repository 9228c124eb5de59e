import { afterEach, expect, test } from 'vitest';
import type { Marker, MessageId, PlatformUserId } from '../../domain/ids.ts';
import type { Choice, Outgoing, TemplateBody } from '../channel.ts';
import { type Answer, localTools, platformAnswering } from '../shared/testing/platform.ts';
import { accountAt, business, number } from './fixtures/support.ts';
import { send } from './send.ts';
import { textContent } from './send-text.ts';
import { fileKind } from './upload.ts';

const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const open of closing.splice(0)) await open.close();
});

const text: Outgoing = {
  marker: 'reply:8841' as Marker,
  to: '4790011223' as PlatformUserId,
  right: 'response',
  body: { type: 'text', text: 'Your parcel left today ✓' },
};
const file: Outgoing = {
  ...text,
  body: { type: 'file', name: 'Rechnung "März".pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF-1.7') },
};
const template = (more: Partial<TemplateBody> = {}): Outgoing => ({
  ...text,
  right: 'template',
  body: { type: 'template', name: 'order_update', language: 'en_US', parameters: ['Ida', 'NW-1'], ...more },
});
const accepted: Answer = {
  status: 200,
  body: { contacts: [{ input: '4790011223', wa_id: '4790011223' }], messages: [{ id: 'wamid.OUT' }] },
};
const error = (code: number, subcode?: number, status = 400, headers?: Record<string, string>): Answer => ({
  status,
  body: {
    error: { message: 'for Ida: your parcel', code, error_subcode: subcode, error_data: { details: 'TOKEN-1 Ida' } },
  },
  ...(headers ? { headers } : {}),
});
const forms = (...data: object[]): Answer => ({ status: 200, body: { data } });

async function sending(outgoing: Outgoing, ...answers: Answer[]) {
  const platform = await platformAnswering(...answers);
  const tools = localTools();
  closing.push(platform, tools);
  return { result: await send(outgoing, accountAt(platform.url), tools), calls: platform.calls };
}

test('a text is one call with the token in its header, the proof and the marker', async () => {
  const { result, calls } = await sending({ ...text, replyTo: 'wamid.Q' as MessageId }, accepted);
  expect(result).toEqual({ result: 'sent', id: 'wamid.OUT' });
  expect(calls).toHaveLength(1);
  expect([calls[0]!.method, calls[0]!.url.pathname]).toEqual(['POST', `/v26.0/${number}/messages`]);
  expect(calls[0]!.headers.authorization).toBe('Bearer TOKEN-1');
  expect([...calls[0]!.url.searchParams.keys()]).toEqual(['appsecret_proof']);
  expect(JSON.parse(calls[0]!.body)).toEqual({
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: '4790011223',
    context: { message_id: 'wamid.Q' },
    type: 'text',
    text: { body: 'Your parcel left today ✓', preview_url: false },
    biz_opaque_callback_data: 'reply:8841',
  });
});

test('who hides the number is written to by the id that is scoped to the business', async () => {
  const { calls } = await sending({ ...text, to: 'NO.134912' as PlatformUserId }, accepted);
  const { to, recipient } = JSON.parse(calls[0]!.body);
  expect([to, recipient]).toEqual([undefined, 'NO.134912']);
});

test('a file is uploaded, then sent by its id', async () => {
  const { result, calls } = await sending(file, { status: 200, body: { id: '8126' } }, accepted);
  expect(result).toEqual({ result: 'sent', id: 'wamid.OUT' });
  expect(calls.map((call) => call.url.pathname)).toEqual([`/v26.0/${number}/media`, `/v26.0/${number}/messages`]);
  expect(calls[0]!.headers['content-length']).toBe(String(Buffer.byteLength(calls[0]!.body)));
  expect(calls[0]!.body).toContain('filename="Rechnung %22März%22.pdf"');
  expect(calls[0]!.body).toMatch(/name="messaging_product"\r\n\r\nwhatsapp/);
  expect(JSON.parse(calls[1]!.body)).toMatchObject({
    type: 'document',
    document: { id: '8126', filename: 'Rechnung "März".pdf' },
  });
});

const kinds: [string, number, string][] = [
  ['image/jpeg', 1, 'image'],
  ['image/png', 5_000_001, 'document'],
  ['image/gif', 1, 'document'],
  ['image/webp', 1, 'document'],
  ['Video/MP4; codecs=avc1', 1, 'video'],
  ['video/mp4', 16_000_001, 'document'],
  ['video/quicktime', 1, 'document'],
  ['audio/ogg; codecs=opus', 1, 'audio'],
  ['audio/wav', 1, 'document'],
  ['application/pdf', 1, 'document'],
];
test.each(kinds)('%s of %i bytes goes as %s', (contentType, size, kind) => {
  expect(fileKind({ contentType, bytes: Buffer.alloc(size) })).toBe(kind);
});

const taps = (...titles: string[]): Choice[] => titles.map((title, i) => ({ title, payload: `P${i}` }));
const link: Choice = { title: 'Track it', url: 'https://shop.example/t' };
const family = '👩‍👩‍👧';
const forms2: [string, string, Choice[], object][] = [
  [
    'three choices are buttons',
    'Which?',
    taps('A', 'B', 'C'),
    { interactive: { type: 'button', body: { text: 'Which?' } } },
  ],
  [
    'long titles are cut, and no emoji is torn',
    'Which?',
    taps(`Send it to my neighbour ${family}`, family.repeat(5)),
    {
      interactive: {
        action: {
          buttons: [
            { type: 'reply', reply: { id: 'P0', title: 'Send it to my' } },
            { type: 'reply', reply: { id: 'P1', title: family.repeat(2) } },
          ],
        },
      },
    },
  ],
  [
    'four choices are a list',
    'Which?',
    taps('A', 'B', 'C', 'D'),
    {
      interactive: {
        type: 'list',
        action: { button: 'Options', sections: [{ rows: [{ id: 'P0', title: 'A' }, {}, {}, {}] }] },
      },
    },
  ],
  ['choices under a long text are a list', 'x'.repeat(1025), taps('A'), { interactive: { type: 'list' } }],
  [
    'more than ten are numbered under the text',
    'Which?',
    taps(...'ABCDEFGHIJK'),
    { type: 'text', text: { body: expect.stringMatching(/^Which\?\n1\. A\n.*\n11\. K$/s) } },
  ],
  ['those that look the same are numbered', 'Which?', taps('A', 'A'), { text: { body: 'Which?\n1. A\n2. A' } }],
  [
    'those whose payload does not fit are numbered',
    'Which?',
    [{ title: 'A', payload: 'x'.repeat(201) }],
    { text: { body: 'Which?\n1. A' } },
  ],
  [
    'a link is a button',
    'See',
    [link],
    {
      interactive: {
        type: 'cta_url',
        action: { parameters: { display_text: 'Track it', url: 'https://shop.example/t' } },
      },
    },
  ],
  [
    'a link beside buttons stands under the text',
    'See',
    [link, ...taps('A')],
    { interactive: { type: 'button', body: { text: 'See\nTrack it: https://shop.example/t' } } },
  ],
  [
    'several links stand under the text',
    'See',
    [link, link],
    { text: { body: 'See\nTrack it: https://shop.example/t\nTrack it: https://shop.example/t', preview_url: true } },
  ],
];
test.each(forms2)('%s', (_name, words, choices, expected) => {
  expect(textContent(words, choices)).toMatchObject(expected);
});

const plainTemplate = {
  name: 'order_update',
  language: 'en_US',
  status: 'APPROVED',
  components: [{ type: 'BODY', text: 'Hello {{1}}, {{2}} is on its way, {{1}}.' }],
};

test('a template is filled in where its text has places', async () => {
  const { result, calls } = await sending(
    template(),
    forms({ ...plainTemplate, language: 'de' }, plainTemplate),
    accepted,
  );
  expect(result).toEqual({ result: 'sent', id: 'wamid.OUT' });
  expect([calls[0]!.url.pathname, calls[0]!.url.searchParams.get('name')]).toEqual([
    `/v26.0/${business}/message_templates`,
    'order_update',
  ]);
  expect(JSON.parse(calls[1]!.body).template).toEqual({
    name: 'order_update',
    language: { code: 'en_US' },
    components: [
      {
        type: 'body',
        parameters: [
          { type: 'text', text: 'Ida' },
          { type: 'text', text: 'NW-1' },
        ],
      },
    ],
  });
});

test('names, a file in the header and a link that ends in a parameter', async () => {
  const form = {
    ...plainTemplate,
    parameter_format: 'NAMED',
    components: [
      { type: 'HEADER', format: 'DOCUMENT' },
      { type: 'BODY', text: 'Thank you, {{first_name}}.' },
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'QUICK_REPLY', text: 'No' },
          { type: 'URL', url: 'https://s.example/{{1}}' },
        ],
      },
    ],
  };
  const header = { type: 'document', url: 'https://chat.acme.example/m/1', name: 'receipt.pdf' } as const;
  const { calls } = await sending(template({ header }), forms(form), accepted);
  expect(JSON.parse(calls[1]!.body).template.components).toEqual([
    { type: 'header', parameters: [{ type: 'document', document: { link: header.url, filename: 'receipt.pdf' } }] },
    { type: 'body', parameters: [{ type: 'text', parameter_name: 'first_name', text: 'Ida' }] },
    { type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: 'NW-1' }] },
  ]);
});

test('a template without parameters is not asked for; one that cannot be read takes all in its text', async () => {
  const bare = await sending(template({ parameters: [] }), accepted);
  expect(bare.calls.map(({ url }) => url.pathname)).toEqual([`/v26.0/${number}/messages`]);
  const unreadable = await sending(template(), error(200), accepted);
  expect(JSON.parse(unreadable.calls[1]!.body).template.components).toMatchObject([{ type: 'body' }]);
});

const outcomes: [string, Outgoing, Answer[], object, number][] = [
  ['the window is closed', text, [error(131047)], { result: 'never', code: '131047', why: /template/ }, 1],
  ['nobody there', text, [error(131026)], { result: 'never', code: '131026' }, 1],
  ['too fast for one person', text, [error(131056)], { result: 'later', after: 6_000 }, 1],
  ['too fast', text, [error(130429)], { result: 'later', after: 5_000 }, 1],
  [
    'too fast, told until when',
    text,
    [error(80007, undefined, 400, { 'retry-after': '30' })],
    { result: 'later', after: 30_000 },
    1,
  ],
  ['a temporary problem', text, [error(131000, undefined, 500)], { result: 'later' }, 1],
  ['an expired token', text, [error(190, 463, 401)], { result: 'account-broken', why: /token/ }, 1],
  ['a missing permission', text, [error(10)], { result: 'account-broken' }, 1],
  ['another missing permission', text, [error(240)], { result: 'account-broken' }, 1],
  ['a wrong phone number id', text, [error(100, 33)], { result: 'account-broken' }, 1],
  ['a wrong message', text, [error(100)], { result: 'never', code: '100' }, 1],
  ['too many complaints', text, [error(131048)], { result: 'account-broken' }, 1],
  ['a blocked account', text, [error(368)], { result: 'account-broken' }, 1],
  ['a locked account', text, [error(131031)], { result: 'account-broken' }, 1],
  ['a number that is not registered', text, [error(133010)], { result: 'account-broken' }, 1],
  ['a country', text, [error(130497)], { result: 'never' }, 1],
  ['an unknown code', text, [error(987654)], { result: 'never', code: '987654' }, 1],
  ['no answer', text, ['hang up'], { result: 'unsure' }, 1],
  ['an answer of something between', text, [{ status: 502, body: '<html>' }], { result: 'unsure' }, 1],
  ['an answer without an id', text, [{ status: 200, body: { messages: [] } }], { result: 'unsure' }, 1],
  ['an upload without an answer', file, ['hang up'], { result: 'later' }, 1],
  ['an upload refused', file, [error(131053)], { result: 'never', code: '131053' }, 1],
  [
    'an empty file',
    { ...text, body: { ...file.body, bytes: Buffer.alloc(0) } as never },
    [],
    { result: 'never', code: 'empty' },
    0,
  ],
  [
    'a file that is too large',
    { ...text, body: { ...file.body, bytes: { length: 100_000_001 } } as never },
    [],
    { result: 'never', code: 'too-large' },
    0,
  ],
  ['a template that is not there', template(), [forms()], { result: 'never', code: '132001' }, 1],
  [
    'a template filled in wrongly',
    template({ parameters: ['x'] }),
    [forms(plainTemplate)],
    { result: 'never', code: '132000' },
    1,
  ],
  ['templates that cannot be read now', template(), [error(131016)], { result: 'later' }, 1],
  ['a paused template', template({ parameters: [] }), [error(132015)], { result: 'never', code: '132015' }, 1],
];
test.each(outcomes)('%s', async (_name, outgoing, answers, expected, times) => {
  const { result, calls } = await sending(outgoing, ...answers);
  const { why, ...rest } = expected as { why?: RegExp };
  expect(result).toMatchObject({ ...rest, why: expect.stringMatching(why ?? /./) });
  expect(JSON.stringify(result)).not.toMatch(/Ida|TOKEN/);
  expect(calls).toHaveLength(times);
});
