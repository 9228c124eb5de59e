import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { Secret } from '../../kit/secret.ts';
import type { WebhookRequest } from '../../kit/webhook.ts';
import { form } from './fixtures/support.ts';
import { verifySignature } from './signature.ts';

const token = new Secret('tw-token-1');
const request = (url: string, body: string | Buffer, signature: string): WebhookRequest => ({
  method: 'POST',
  url,
  headers: { 'x-twilio-signature': signature },
  query: Object.fromEntries(new URLSearchParams(url.split('?')[1] ?? '')),
  body: Buffer.from(body),
});
const sign = (text: string, key = 'tw-token-1') => createHmac('sha1', key).update(text).digest('base64');
const holds = (...parts: Parameters<typeof request>) => verifySignature(request(...parts), token) !== 'forged';

// Checked against Twilio's own library.
const url = 'https://conn.example.com/hooks/twilio?tenant=7';
const fields = { Body: 'hi', From: '+15550001111', To: '+15552223333', MessageSid: 'SM0001', NumMedia: '0' };
const golden = 'fQEdr6f/YneExIauuCWszHRoXRM=';
const json = '{"a":1}';
const jsonUrl = `https://conn.example.com/hooks/twilio?bodySHA256=${createHash('sha256').update(json).digest('hex')}`;
const goldenJson = 'PNJVg/NIW7rx2zbztBmJEaFMDvc=';

test('a form, as Twilio signs it, in whatever order its fields come', () => {
  expect(holds(url, form(fields), golden)).toBe(true);
  expect(holds(url, form(Object.fromEntries(Object.entries(fields).reverse())), golden)).toBe(true);
});

test('JSON, as Twilio signs it', () => {
  expect(jsonUrl).toContain('015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862');
  expect(holds(jsonUrl, json, goldenJson)).toBe(true);
});

const forged: [string, Parameters<typeof request>][] = [
  ['another text', [url, form({ ...fields, Body: 'ho' }), golden]],
  ['a field more', [url, form({ ...fields, Extra: '1' }), golden]],
  ['a field less', [url, form({ Body: 'hi' }), golden]],
  ['another address', ['https://conn.example.com/hooks/twilio?tenant=8', form(fields), golden]],
  ['another host', ['https://evil.example.com/hooks/twilio?tenant=7', form(fields), golden]],
  ['another scheme', ['http://conn.example.com/hooks/twilio?tenant=7', form(fields), golden]],
  ['no signature', [url, form(fields), '']],
  ['a signature with another token', [url, form(fields), sign(url, 'other')]],
  ['JSON that does not fit its hash', [jsonUrl, '{"a":2}', goldenJson]],
  ['a form under the hash of JSON', [jsonUrl, form(fields), goldenJson]],
  ['a hash that was added', [`${url}&bodySHA256=00`, form(fields), golden]],
];
test.each(forged)('forged: %s', (_name, parts) => {
  expect(holds(...parts)).toBe(false);
});

const https = 'https://conn.example.com/w?a=b%20c';
const spellings: [string, string, string][] = [
  ['the port that https has anyway', https, 'https://conn.example.com:443/w?a=b%20c'],
  ['the port that http has anyway', 'http://conn.example.com/w', 'http://conn.example.com:80/w'],
  ['without the port of the public address', 'https://conn.example.com:8443/w', 'https://conn.example.com/w'],
  ['an IPv6 host', 'https://[2001:db8::1]/w', 'https://[2001:db8::1]:443/w'],
  ['the query escaped anew', 'https://conn.example.com/w?m=a:1', 'https://conn.example.com/w?m=a%3A1'],
  ['with what follows the #', https, `${https}#rc=5&rp=5xx,ct,rt`],
];
test.each(spellings)('the address signed with %s', (_name, called, signed) => {
  expect(holds(called, 'A=1', sign(`${signed}A1`))).toBe(true);
});

test('a field that comes twice counts once for each value, sorted', () => {
  expect(holds(https, 'To=b&To=a&To=b', sign(`${https}ToaTob`))).toBe(true);
});
