import { expect, test } from 'vitest';
import { minutes } from '../../../domain/duration.ts';
import type { Refusal } from './client.ts';
import { errorRules } from './error-rules.ts';
import { troubleOf, troubleOfHarmless } from './trouble.ts';

const refused = (refusal: Partial<Refusal>) =>
  ({ kind: 'refusal', refusal: { status: 400, transient: false, ...refusal } }) as const;

const cases: [string, Partial<Refusal>, string][] = [
  ['outside the window', { code: 10, subcode: 2018278 }, 'never'],
  ['the customer blocked the page', { code: 551 }, 'never'],
  ['the customer blocked the page, with a subcode', { code: 551, subcode: 1545041 }, 'never'],
  ['the customer cannot be reached', { code: 200, subcode: 1545041 }, 'never'],
  ['no such customer', { code: 100, subcode: 2018001 }, 'never'],
  ['a bad parameter', { code: 100 }, 'never'],
  ['a bad parameter of a kind not named', { code: 100, subcode: 2018294 }, 'never'],
  ['another app owns the thread, whatever the code', { code: 10, subcode: 2018300 }, 'never'],
  ['another app owns the thread, with another code', { code: 100, subcode: 2018300 }, 'never'],
  ['an undocumented subcode of a permission', { code: 10, subcode: 1404170 }, 'never'],
  ['a permission missing', { code: 10 }, 'account-broken'],
  ['the permission for messaging missing', { code: 230 }, 'account-broken'],
  ['a dead token', { code: 190 }, 'account-broken'],
  ['an expired token', { code: 190, subcode: 463 }, 'account-broken'],
  ['a token dead for a reason not named', { code: 190, subcode: 492 }, 'account-broken'],
  ['the page restricted', { code: 10, subcode: 1893063 }, 'account-broken'],
  ['the page blocked', { code: 368 }, 'account-broken'],
  ['something unknown at Meta', { code: 1 }, 'later'],
  ['something unknown, with the cause documented', { code: 1, subcode: 99 }, 'account-broken'],
  ['a failure after which the message may be out', { code: 1, subcode: 1357046, status: 500 }, 'unsure'],
  ['service unavailable', { code: 2, status: 503 }, 'later'],
  ['terms not accepted', { code: 2, subcode: 2018344 }, 'account-broken'],
  ['a temporary send failure', { code: 1200 }, 'later'],
  ['an app limit', { code: 4 }, 'later'],
  ['a page limit', { code: 32 }, 'later'],
  ['a call limit', { code: 613, subcode: 2018338 }, 'later'],
  ['a limit of the use case', { code: 80006 }, 'later'],
  ['a code never seen', { code: 4711 }, 'never'],
  ['a code never seen that Meta calls passing', { code: 4711, transient: true }, 'later'],
  ['the upload could not be read', { code: 100, subcode: 2018047 }, 'later'],
  ['no error of the Graph API, 502', { status: 502 }, 'unsure'],
  ['no error of the Graph API, 429', { status: 429 }, 'later'],
  ['no error of the Graph API, 404', { status: 404 }, 'never'],
];
test.each(cases)('%s', (_name, refusal, expected) => {
  expect(troubleOf(refused(refusal)).result).toBe(expected);
});

test('the wait Meta asks for is kept', () => {
  expect(troubleOf(refused({ code: 613, after: minutes(7) }))).toMatchObject({ result: 'later', after: 420_000 });
});

test('what is refused for good carries the code of the platform', () => {
  expect(troubleOf(refused({ code: 10, subcode: 2018278 }))).toMatchObject({ code: '10/2018278' });
});

test('silence is unsure unless the request surely never left', () => {
  expect(troubleOf({ kind: 'silence', sent: 'maybe', why: 'no answer within 15000 ms' }).result).toBe('unsure');
  expect(troubleOf({ kind: 'silence', sent: 'no', why: 'connection failed (ECONNREFUSED)' }).result).toBe('later');
});

test('a call that shows nobody anything is never unsure', () => {
  expect(troubleOfHarmless({ kind: 'silence', sent: 'maybe', why: 'no answer within 15000 ms' }).result).toBe('later');
  expect(troubleOfHarmless(refused({ status: 502 })).result).toBe('later');
  expect(troubleOfHarmless(refused({ code: 190 })).result).toBe('account-broken');
});

test('every reason is a sentence that can be shown to an agent', () => {
  for (const { why } of Object.values(errorRules)) expect(why).toMatch(/^[A-Z].{20,}\.$/);
});
