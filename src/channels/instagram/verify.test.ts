import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { accountAt } from './fixtures/support.ts';
import { verify } from './verify.ts';

const golden =
  '{"object":"page","entry":[{"id":"1","time":1790000000000,"messaging":[{"sender":{"id":"77"},"recipient":{"id":"1"},"timestamp":1790000000000,"message":{"mid":"m_x","text":"Gr\\u00fc\\u00dfe"}}]}]}';
const goldenSignature = 'sha256=4de9018b548ef786967f511066dece7962772e5018af925113c15763eb935bde';

const request = (body: string, signature: string) => ({
  method: 'POST',
  url: '',
  headers: { 'x-hub-signature-256': signature },
  query: {},
  body: Buffer.from(body),
});
const signed = (secret: string) => request('{}', `sha256=${createHmac('sha256', secret).update('{}').digest('hex')}`);
const account = accountAt('http://127.0.0.1', { otherAppSecret: 'instagram-app-secret' });

test('the signature Meta would make is taken, over the bytes as they came', () => {
  expect(verify(request(golden, goldenSignature), account)).not.toBe('forged');
  expect(verify(request(golden.replace('\\u00fc', 'ü'), goldenSignature), account)).toBe('forged');
  expect(verify(request(golden, goldenSignature.replace(/.$/, '0')), account)).toBe('forged');
});

test('either of the two secrets will do, and no other', () => {
  expect(verify(signed('app-secret-1'), account)).not.toBe('forged');
  expect(verify(signed('instagram-app-secret'), account)).not.toBe('forged');
  expect(verify(signed('stranger'), account)).toBe('forged');
  expect(verify(signed('instagram-app-secret'), accountAt('http://127.0.0.1'))).toBe('forged');
});
