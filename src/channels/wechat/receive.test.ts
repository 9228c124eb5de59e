import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asVerified } from '../../kit/webhook.ts';
import { accountAt, eventsOf, fixture, safe, sealed, sealedRequest, webhook } from './fixtures/support.ts';
import { receive } from './receive.ts';

const from = 'oLin6Tqb4X0aYvE2sWdR8uNfKj3c';
const at = (second: number) => new Date(1790000000_000 + second * 1000);

test('a message, in full', () => {
  const answer = { status: 200, contentType: 'text/plain', body: 'success' };
  expect(receive(webhook(fixture('text')))).toEqual({
    answer,
    events: [
      {
        type: 'message',
        to: 'gh_0acme5h0p001',
        from,
        id: '24567890123456789',
        at: at(1),
        parts: [{ type: 'text', text: '你好,我的包裹 <#10077> 在哪儿? & 谢谢 🙏' }],
      },
    ],
  });
});

const messages: [string, object[]][] = [
  [
    'menu-choice',
    [
      { type: 'text', text: 'Yes' },
      { type: 'button', payload: 'YES-1' },
    ],
  ],
  ['image', [{ type: 'image', mediaId: 'MEDIA-image-1', url: 'http://mmbiz.example/pic/1/0' }]],
  [
    'voice',
    [
      { type: 'audio', mediaId: 'MEDIA-voice-1' },
      { type: 'template', what: 'speech recognition', lines: ['“我的包裹在哪儿” (as WeChat understood it)'] },
    ],
  ],
  ['video', [{ type: 'video', mediaId: 'MEDIA-video-1' }]],
  ['shortvideo', [{ type: 'video', mediaId: 'MEDIA-video-2' }]],
  ['location', [{ type: 'location', latitude: 31.230416, longitude: 121.473701, title: '上海市黄浦区' }]],
  [
    'link',
    [
      {
        type: 'link',
        what: 'link',
        url: 'https://shop.example/coat?a=1&b=2',
        title: 'Winter coat',
        text: 'Warm & light',
      },
    ],
  ],
  ['file', [{ type: 'file', name: 'invoice.pdf' }]],
  ['unknown-type', [{ type: 'unsupported', what: 'hologram' }]],
];
test.each(messages)('a message: %s', (name, parts) => {
  const [event, ...others] = eventsOf(fixture(name));
  expect(others).toEqual([]);
  expect(event).toMatchObject({ type: 'message', from, parts, id: expect.stringMatching(/^245678901234567\d\d$/) });
});

const taps: [string, object][] = [
  ['click', { type: 'postback', payload: 'TRACK', parts: [{ type: 'button', payload: 'TRACK' }] }],
  [
    'scancode',
    { type: 'postback', payload: 'WARRANTY', parts: [{ type: 'button' }, { type: 'text', text: 'SERIAL-4711' }] },
  ],
  ['picture-menu', { type: 'postback', payload: 'DAMAGE', parts: [{ type: 'button', payload: 'DAMAGE' }] }],
  [
    'location-select',
    { type: 'postback', parts: [{ type: 'button' }, { type: 'location', latitude: 31.23, title: 'Harbour' }] },
  ],
  ['view', { type: 'referral', referral: { source: 'menu', type: 'VIEW', url: 'https://shop.example/faq' } }],
  ['scan', { type: 'referral', referral: { source: 'QR code', type: 'SCAN', ref: 'order-778' } }],
  ['subscribe', { type: 'opt-in', what: 'subscribe', details: {} }],
  ['subscribe-by-code', { type: 'opt-in', what: 'subscribe', ref: 'order-778', details: { ticket: 'TICKET-1' } }],
  ['unsubscribe', { type: 'opt-out', what: 'unsubscribe' }],
  ['account-closed', { type: 'opt-out', what: 'WeChat account closed' }],
  ['template-sent', { type: 'receipt', state: 'delivered', of: ['2001638360000000001'] }],
  [
    'template-blocked',
    {
      type: 'receipt',
      state: 'failed',
      of: ['2001638360000000002'],
      why: 'The customer refuses messages of this account.',
    },
  ],
  ['mass-sent', { type: 'receipt', state: 'sent', of: ['1000001625'] }],
  ['notification-sent', { type: 'receipt', state: 'delivered', of: ['1700827132819554304'] }],
  ['notification-withdrawn', { type: 'unsupported', what: 'notification reject' }],
  ['session-begun', { type: 'handover', details: { new_owner_app_id: 'mei@acme' } }],
  ['session-passed', { type: 'handover', details: { new_owner_app_id: 'wei@acme' } }],
  ['session-ended', { type: 'handover', details: { new_owner_app_id: 'passerelle' } }],
  ['location-report', { type: 'unsupported', what: 'event.LOCATION' }],
  ['consent-revoked', { type: 'unsupported', what: 'event.user_authorization_revoke' }],
  ['unknown-event', { type: 'unsupported', what: 'event.WifiConnected' }],
];
test.each(taps)('an event: %s', (name, expected) => {
  const events = eventsOf(fixture(name));
  expect(events).toMatchObject([{ from, to: 'gh_0acme5h0p001', ...expected }]);
  expect(events[0]).not.toHaveProperty('part');
});

test('what WeChat decides about the account', () => {
  expect(eventsOf(fixture('naming-failed'))).toMatchObject([
    { type: 'policy', action: 'naming_verify_fail', why: 'by time' },
  ]);
});

test('each template of a list becomes an event', () => {
  expect(eventsOf(fixture('notification-consent'))).toMatchObject([
    { type: 'opt-in', what: 'notification', details: { template: 'TPL-1', status: 'accept' } },
    { type: 'unsupported', what: 'notification reject' },
  ]);
});

test('an event that comes again has the same id, another one has another', () => {
  const click = fixture('click').toString();
  const id = (body: string) => eventsOf(body)[0]!.id;
  expect(id(click)).toBe(id(click));
  const others = [
    click.replace('1790000025', '1790000026'),
    click.replace('TRACK', 'HELP'),
    click.replace(from, 'oAnother'),
    click.replace('CLICK', 'scancode_push'),
  ];
  expect(new Set([click, ...others].map(id)).size).toBe(5);
});

test('a message without an id gets one of its content', () => {
  const body = fixture('text')
    .toString()
    .replace(/<MsgId>\d+<\/MsgId>/, '');
  const [one, other] = [body, body.replace('10077', '10078')].map((each) => eventsOf(each)[0]!.id);
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(other).not.toBe(one);
});

test('JSON reads like XML, with its long ids whole', () => {
  const json = `{"ToUserName":"gh_1","FromUserName":"${from}","CreateTime":1790000001,"MsgType":"text","Content":"Hi","MsgId":24567890123456789}`;
  expect(eventsOf(json)).toEqual([
    { type: 'message', to: 'gh_1', from, id: '24567890123456789', at: at(1), parts: [{ type: 'text', text: 'Hi' }] },
  ]);
});

test('what is sealed counts, not what stands beside it; without a key, what stands there', () => {
  const { body } = sealedRequest(
    sealed(fixture('text')),
    '<MsgType>text</MsgType><FromUserName>oOther</FromUserName><Content>Other</Content><MsgId>1</MsgId>',
  );
  expect(eventsOf(body, safe)).toMatchObject([{ from, id: '24567890123456789' }]);
  expect(eventsOf(body)).toMatchObject([{ from: 'oOther', id: '1', parts: [{ type: 'text', text: 'Other' }] }]);
});

test('the account is named by its proof, or by its original id where that is configured', () => {
  const account = accountAt('http://127.0.0.1:1');
  const named = accountAt('http://127.0.0.1:1', { originalId: 'gh_0acme5h0p001' });
  expect(eventsOf(fixture('text'), account)[0]!.to).toBe('acme-wechat');
  expect(eventsOf(fixture('text'), named)[0]!.to).toBe('gh_0acme5h0p001');
});

test('spaces and lines of a text stay, entities are not expanded', () => {
  const said = (content: string) =>
    eventsOf(
      `<xml>\n <FromUserName>o1</FromUserName>\n<MsgType> text </MsgType>${content}<MsgId>7</MsgId>\n</xml>\n`,
    )[0];
  expect(said('<Content><![CDATA[ a &lt; b\n  c ]]></Content>')).toMatchObject({
    parts: [{ text: ' a &lt; b\n  c ' }],
  });
  const bomb =
    '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><FromUserName>o1</FromUserName><MsgType>text</MsgType><Content>&b;</Content></xml>';
  expect(eventsOf(bomb)).toMatchObject([{ parts: [{ text: '&b;' }] }]);
});

const malformed: [string, string, RegExp][] = [
  ['nothing', '', /neither XML/],
  ['no XML', 'hello', /neither XML/],
  ['a list', '[]', /neither XML/],
  ['XML cut short', fixture('text').toString().slice(0, -20), /neither XML/],
  ['another root', '<html><body>x</body></html>', /neither XML/],
  ['sealed, without a key', '<xml><Encrypt>AAAA</Encrypt></xml>', /no encodingAesKey/],
];
test.each(malformed)('malformed: %s', (_name, body, why) => {
  expect(receive(webhook(body))).toEqual({ malformed: expect.stringMatching(why) });
});

test('malformed: sealed with another key', () => {
  const other = sealed(fixture('text'), undefined, 'CwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc');
  expect(receive(asVerified(sealedRequest(other)), safe)).toEqual({
    malformed: expect.stringMatching(/encodingAesKey is not/),
  });
});

test('whatever is sealed, nothing throws, and it reads like the same unsealed', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json()), (content) => {
      const bytes = Buffer.from(content as string);
      const inside = receive(asVerified(sealedRequest(sealed(bytes))), safe);
      const outside = receive(webhook(bytes), safe);
      if ('malformed' in outside) expect(inside).toHaveProperty('malformed');
      else expect(inside).toEqual(outside);
    }),
  );
});
