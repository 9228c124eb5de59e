import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WebhookRequest } from '../../kit/webhook.ts';
import type { WeChatAccount } from './account.ts';
import { accountAt, encodingAesKey, fixture, plain, request, safe, sealed, sealedRequest } from './fixtures/support.ts';
import { openSealed } from './seal.ts';
import { greet, signatureOf, verify } from './verify.ts';

// Computed with another implementation (wechat-crypto 0.0.2).
const golden = {
  query: { timestamp: '1790000000', nonce: 'abc123', signature: '7b98884483ac860b482638a3203b7773de9029c8' },
  msgSignature: '052f076f88b77041997ed749d2316c11f86395d2',
  encrypt:
    'Fhq93WFCGign9tMQdCsXI3qxIXymEApq1z+BC68okcCBztYJdhjGjHUPktK/oc+2HpGwEbNs/krqKoOaWY9uF/NF/sGqwiQ0M0NL+Lvoe0Qur9jEgYrv8W1eBuackUWvuRiM1mraWGmRyfVTcLLHhyC01mMzsIuJNB3vzH5MC3pwg2zy62/WiJhi+XT1K9o62lEWPRjKL4aH9/VtmDjtTRB84gfI71vuK9QX+Q06HwIXQ8m/iARO8AwPhkaHLNEJqosKvn4+YA3jBuPuqaq5XW953QkWJDLKqz8b5a3talGGm2v8xRlL7IWRl12/Fe+BFiAAP4bDCzr9zJaQduxNoKnOkyZjuNQalSKNu1R1KgGYhF7P+bOoQZo4ydUrKB3a',
  content:
    '<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oABC]]></FromUserName><CreateTime>1790000000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[hi]]></Content><MsgId>24567890123456789</MsgId></xml>',
};
const goldenRequest = (more: Record<string, string> = {}): WebhookRequest =>
  request(`<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[${golden.encrypt}]]></Encrypt></xml>`, {
    ...golden.query,
    encrypt_type: 'aes',
    msg_signature: golden.msgSignature,
    ...more,
  });

test('the golden vectors: signature, sealed signature, what is sealed', () => {
  expect(signatureOf('wx-token-1', '1790000000', 'abc123')).toBe(golden.query.signature);
  expect(verify(request(golden.content, golden.query), plain)).not.toBe('forged');
  expect(verify(goldenRequest(), safe)).not.toBe('forged');
  const opened = openSealed(golden.encrypt, safe.encodingAesKey!);
  expect(opened?.content.toString()).toBe(golden.content);
  expect(opened?.appId).toBe('wx0123456789abcdef');
});

const text = fixture('text');
const sealedText = sealed(text);
const signed = sealedRequest(sealedText);
const withQuery = (asked: WebhookRequest, more: Record<string, string | undefined>): WebhookRequest => ({
  ...asked,
  query: { ...asked.query, ...more },
});

const forgeries: [string, WebhookRequest, WeChatAccount][] = [
  ['another time', request(text, { ...golden.query, timestamp: '1790000001' }), plain],
  ['another nonce', request(text, { ...golden.query, nonce: 'abc124' }), plain],
  ['no query', request(text), plain],
  ['another token', request(text, golden.query), accountAt('http://127.0.0.1:1', { token: 'other-token' })],
  [
    'an upper-case signature',
    request(text, { ...golden.query, signature: golden.query.signature.toUpperCase() }),
    plain,
  ],
  ['sealed: another msg_signature', goldenRequest({ msg_signature: '0'.repeat(40) }), safe],
  ['sealed: no msg_signature', withQuery(signed, { msg_signature: undefined }), safe],
  ['sealed: another time', goldenRequest({ timestamp: '1790000001' }), safe],
  ['sealed: other content', { ...signed, body: sealedRequest(sealed(fixture('image'))).body }, safe],
  ['sealed for another app', sealedRequest(sealed(text, 'wx0123456789abcdee')), safe],
  ['a key, but nothing sealed', request(text, golden.query), safe],
  ['a key, but no XML', request('what', golden.query), safe],
];
test.each(forgeries)('%s: forged', (_name, asked, account) => {
  expect(verify(asked, account)).toBe('forged');
});

test('with whatever is changed in what is sealed, it is forged', () => {
  fc.assert(
    fc.property(fc.nat(sealedText.length - 1), fc.constantFrom(...'ABCabc019+/'), (at, letter) => {
      fc.pre(sealedText[at] !== letter);
      const changed = sealedText.slice(0, at) + letter + sealedText.slice(at + 1);
      const body = Buffer.from(signed.body.toString().replace(sealedText, changed));
      expect(verify({ ...signed, body }, safe)).toBe('forged');
    }),
  );
});

test('every length is padded and opened, whatever the letters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (content) => {
      expect(openSealed(sealed(content), safe.encodingAesKey!)?.content.toString()).toBe(content);
    }),
  );
});

test('what is no sealed text, or sealed by another key, is not opened', () => {
  const other = sealed(text, undefined, 'CwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc');
  for (const broken of ['', 'x', 'AAAA', sealedText.slice(0, -8), `${sealedText.slice(4)}`])
    expect(openSealed(broken, safe.encodingAesKey!)?.content.toString()).not.toBe(text.toString());
  expect(openSealed('', safe.encodingAesKey!)).toBeUndefined();
  // The sender knows the token; that only the key is wrong is for the operator to learn.
  expect(verify(sealedRequest(other), safe)).not.toBe('forged');
});

const handshake = (more: Record<string, string>): WebhookRequest => ({
  ...request('', { ...golden.query, ...more }),
  method: 'GET',
});

test('the handshake gives back what it is sent, for one of the tokens', () => {
  const other = accountAt('http://127.0.0.1:1', { token: 'other-token', encodingAesKey });
  const answer = { status: 200, contentType: 'text/plain', body: '5838479218127813673' };
  expect(greet(handshake({ echostr: answer.body }), [other, plain])).toEqual(answer);
  expect(greet(handshake({ echostr: answer.body }), [safe])).toEqual(answer);
  expect(greet(handshake({ echostr: 'x' }), [other])).toMatchObject({ status: 403 });
  expect(greet(handshake({ echostr: 'x', signature: '' }), [plain])).toMatchObject({ status: 403 });
  expect(greet(handshake({}), [plain])).toBeUndefined();
  expect(greet(request('', { echostr: 'x' }), [plain])).toBeUndefined();
});
