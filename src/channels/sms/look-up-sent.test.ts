import { afterEach, expect, test } from 'vitest';
import type { Marker } from '../../domain/ids.ts';
import { type Answer, localTools, platformAnswering } from '../shared/testing/platform.ts';
import { accountAt, accountSid, ida } from './fixtures/support.ts';
import { lookUpSent } from './look-up-sent.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const since = new Date('2026-11-25T14:00:00.500Z');

async function lookingUp(answer: Answer, text: string | undefined) {
  const platform = await platformAnswering(answer);
  const tools = localTools({ clock: { now: () => new Date(since.getTime() + 20_000), sleep: async () => undefined } });
  closing.push(platform.close, tools.close);
  const sought = { marker: 'm' as Marker, to: ida, since, ...(text === undefined ? {} : { text }) };
  return { found: await lookUpSent(sought, accountAt(platform.url), tools), calls: platform.calls };
}

/** As Twilio lists it, so many seconds after the send began. */
const sent = (body: string, after: number, more = {}) => ({
  sid: `SM${after}`,
  direction: 'outbound-api',
  body,
  num_media: '0',
  date_created: new Date(Date.parse('2026-11-25T14:00:00Z') + after * 1000).toUTCString().replace('GMT', '+0000'),
  ...more,
});
const listing = (...messages: object[]): Answer => ({ status: 200, body: { messages } });
const many = (after: number) => Array.from({ length: 50 }, () => sent('other', after));

const cases: [string, Answer, string | undefined, Record<string, unknown>][] = [
  ['it is there', listing(sent('Hello', 1)), 'Hello', { result: 'done', value: 'SM1' }],
  ['within the same second', listing(sent('Hello', 0)), 'Hello', { result: 'done', value: 'SM0' }],
  ['spelled more plainly', listing(sent('"It\'s" - yes...', 1)), '“It’s” – yes…', { result: 'done', value: 'SM1' }],
  [
    'after the words of a trial',
    listing(sent('Sent from your Twilio trial account - Hello', 1)),
    'Hello',
    { value: 'SM1' },
  ],
  ['with choices after it', listing(sent('Which?\n1. Blue', 1)), 'Which?', { value: 'SM1' }],
  ['a file', listing(sent('', 1, { num_media: '1' })), undefined, { value: 'SM1' }],
  ['only other words', listing(sent('Hello there', 1)), 'Hello', { result: 'done', value: undefined }],
  ['only the same words long before', listing(sent('Hello', -60)), 'Hello', { result: 'done', value: undefined }],
  ['only from the customer', listing(sent('Hello', 1, { direction: 'inbound' })), 'Hello', { value: undefined }],
  ['nothing', listing(), 'Hello', { result: 'done', value: undefined }],
  ['the same words just before', listing(sent('Hello', -3)), 'Hello', { result: 'unsure' }],
  ['the same words twice', listing(sent('Hello', 2), sent('Hello', 1)), 'Hello', { result: 'unsure' }],
  ['a page that does not reach back', listing(...many(5)), 'Hello', { result: 'unsure' }],
  ['a page that does', listing(...many(-20)), 'Hello', { result: 'done', value: undefined }],
  ['a page that is oldest first', listing(...many(-20), sent('other', -15)), 'Hello', { result: 'unsure' }],
  ['no answer', 'hang up', 'Hello', { result: 'later' }],
  ['a dead token', { status: 401, body: { code: 20003 } }, 'Hello', { result: 'account-broken' }],
];
test.each(cases)('%s', async (_name, answer, text, ending) => {
  const { found, calls } = await lookingUp(answer, text);
  expect(found).toMatchObject(ending);
  expect(calls[0]!.url.pathname).toBe(`/2010-04-01/Accounts/${accountSid}/Messages.json`);
  expect(calls[0]!.url.searchParams.get('To')).toBe(ida);
});
