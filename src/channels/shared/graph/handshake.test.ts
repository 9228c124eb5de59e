import { expect, test } from 'vitest';
import { Secret } from '../../../kit/secret.ts';
import { answerHandshake } from './handshake.ts';

const tokens = [new Secret('first'), new Secret('second')];
const get = (query: Record<string, string>, method = 'GET') => ({
  method,
  url: '',
  headers: {},
  query,
  body: Buffer.alloc(0),
});
const asking = { 'hub.mode': 'subscribe', 'hub.verify_token': 'second', 'hub.challenge': '1158201444' };

test('the challenge comes back as plain text', () => {
  expect(answerHandshake(get(asking), tokens)).toEqual({ status: 200, contentType: 'text/plain', body: '1158201444' });
});

const wrong: [string, Record<string, string>][] = [
  ['a wrong token', { ...asking, 'hub.verify_token': 'third' }],
  ['a token that is only the beginning', { ...asking, 'hub.verify_token': 'secon' }],
  ['an empty token', { ...asking, 'hub.verify_token': '' }],
  ['another mode', { ...asking, 'hub.mode': 'unsubscribe' }],
  ['no challenge', { 'hub.mode': 'subscribe', 'hub.verify_token': 'first' }],
  ['nothing', {}],
];
test.each(wrong)('403 for %s', (_name, query) => {
  expect(answerHandshake(get(query), tokens)).toMatchObject({ status: 403 });
});

test('403 where no account is configured', () => {
  expect(answerHandshake(get(asking), [])).toMatchObject({ status: 403 });
});

test('a POST is no handshake', () => {
  expect(answerHandshake(get(asking, 'POST'), tokens)).toBeUndefined();
});
