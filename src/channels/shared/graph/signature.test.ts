import { expect, test } from 'vitest';
import { Secret } from '../../../kit/secret.ts';
import { appSecretProof, verifySignature } from './signature.ts';

const secret = new Secret('app-secret-1');
const body = Buffer.from(
  '{"object":"page","entry":[{"id":"1","time":1790000000000,"messaging":[{"sender":{"id":"77"},"recipient":{"id":"1"},"timestamp":1790000000000,"message":{"mid":"m_x","text":"Gr\\u00fc\\u00dfe"}}]}]}',
);
const right = 'sha256=4de9018b548ef786967f511066dece7962772e5018af925113c15763eb935bde';

const request = (signature: string | undefined, bytes = body) => ({
  method: 'POST',
  headers: { 'x-hub-signature-256': signature },
  url: '',
  query: {},
  body: bytes,
});

test('a body with the right signature is the same request, verified', () => {
  const signed = request(right);
  expect(verifySignature(signed, secret)).toBe(signed);
});

const forgeries: [string, ReturnType<typeof request>, Secret][] = [
  ['no signature', request(undefined), secret],
  ['an empty signature', request(''), secret],
  ['the digest without its prefix', request(right.slice(7)), secret],
  ['one digit changed', request(right.replace(/e$/, 'f')), secret],
  ['upper-case digits', request(right.toUpperCase()), secret],
  ['one byte more in the body', request(right, Buffer.concat([body, Buffer.from(' ')])), secret],
  ['a body serialised again', request(right, Buffer.from(JSON.stringify(JSON.parse(body.toString())))), secret],
  ["another app's secret", request(right), new Secret('app-secret-2')],
];
test.each(forgeries)('forged: %s', (_name, forged, key) => {
  expect(verifySignature(forged, key)).toBe('forged');
});

test('only the SHA-256 header counts', () => {
  const legacy = {
    ...request(undefined),
    headers: { 'x-hub-signature': 'sha1=2fd4e1c67a2d28fced849ee1bb76e7391b93eb12' },
  };
  expect(verifySignature(legacy, secret)).toBe('forged');
});

test('the proof of the app secret is the documented one', () => {
  expect(appSecretProof(new Secret('PAGE-TOKEN-1'), secret)).toBe(
    '018a3d55d6537e2e64b20ea1271e1b62cac23b31126a69f6e2409dacfc98a845',
  );
});
