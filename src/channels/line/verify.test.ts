import { expect, test } from 'vitest';
import { accountAt } from './fixtures/support.ts';
import { verify } from './verify.ts';

const account = accountAt('http://127.0.0.1:1');
const body = Buffer.from('{"destination":"Ubot","events":[]}');
const right = 'RkImLdFg6FRM1yVNs4iTLdzBF6EdiOnks3SyWSnwh84=';

const request = (signature: string | undefined, bytes = body) => ({
  method: 'POST',
  headers: { 'x-line-signature': signature },
  url: '',
  query: {},
  body: bytes,
});

test('a body with the right signature is the same request, verified', () => {
  const signed = request(right);
  expect(verify(signed, account)).toBe(signed);
});

const forgeries: [string, ReturnType<typeof request>, typeof account][] = [
  ['no signature', request(undefined), account],
  ['an empty signature', request(''), account],
  ['one letter changed', request(right.replace('R', 'r')), account],
  ['without its padding', request(right.replace('=', '')), account],
  ['in base64url', request(right.replaceAll('+', '-').replaceAll('/', '_').toLowerCase()), account],
  ['in hex', request(Buffer.from(right, 'base64').toString('hex')), account],
  ['one byte more in the body', request(right, Buffer.concat([body, Buffer.from(' ')])), account],
  ["another channel's secret", request(right), accountAt('http://127.0.0.1:1', { channelSecret: 'line-secret-2' })],
];
test.each(forgeries)('forged: %s', (_name, forged, whose) => {
  expect(verify(forged, whose)).toBe('forged');
});
