import { expect, test } from 'vitest';
import { type Reply, troubleOf } from './outcome.ts';

const refused = (code: string, message = '', fields: string[] = []): Exclude<Reply, { result: 'done' }> => ({
  result: 'refused',
  errors: [{ code, message, fields }],
});

const codes: [string, string, string][] = [
  ['UNABLE_TO_LOCK_ROW', 'later', 'later'],
  ['SERVER_UNAVAILABLE', 'later', 'unsure'],
  ['REQUEST_RUNNING_TOO_LONG', 'later', 'unsure'],
  ['QUERY_TIMEOUT', 'later', 'later'],
  ['UNKNOWN_EXCEPTION', 'later', 'unsure'],
  ['REQUEST_LIMIT_EXCEEDED', 'later', 'later'],
  ['STORAGE_LIMIT_EXCEEDED', 'later', 'later'],
  ['TXN_SECURITY_METERING_ERROR', 'later', 'later'],
  ['ERROR_HTTP_503', 'later', 'unsure'],
  ['ERROR_HTTP_429', 'later', 'later'],
  ['INVALID_SESSION_ID', 'account-broken', 'account-broken'],
  ['API_DISABLED_FOR_ORG', 'account-broken', 'account-broken'],
  ['ERROR_HTTP_404', 'account-broken', 'account-broken'],
  ['ERROR_HTTP_414', 'never', 'never'],
  ['REQUIRED_FIELD_MISSING', 'never', 'never'],
  ['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'never', 'never'],
  ['STRING_TOO_LONG', 'never', 'never'],
  ['INSUFFICIENT_ACCESS_OR_READONLY', 'never', 'never'],
  ['SOMETHING_NEW', 'never', 'never'],
];
test.each(codes)('%s is %s, or %s where it cannot be repeated', (code, repeatable, not) => {
  expect(troubleOf(refused(code), true)).toMatchObject({ result: repeatable, why: expect.stringContaining(code) });
  expect(troubleOf(refused(code), false)).toMatchObject({ result: not });
});

test('a lost answer is only unsure where repeating would show', () => {
  const lost = { result: 'unsure' as const, why: 'lost' };
  expect([troubleOf(lost, true).result, troubleOf(lost, false).result]).toEqual(['later', 'unsure']);
});

const reasons: [string, ReturnType<typeof refused>, string][] = [
  [
    'names fields',
    refused('STRING_TOO_LONG', 'private', ['Subject']),
    'too long for its field (STRING_TOO_LONG, Subject)',
  ],
  [
    'names the column out of a message that repeats the query',
    refused('INVALID_FIELD', "WHERE Email = 'private'\n^\nNo such column 'Colour__c' on entity 'Contact'"),
    '(INVALID_FIELD, Colour__c)',
  ],
  [
    'says a validation rule’s own words',
    refused('FIELD_CUSTOM_VALIDATION_EXCEPTION', 'Choose a department', ['Department']),
    'Department, Choose a department)',
  ],
  [
    'repeats nothing of an Apex trigger',
    refused('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'private'),
    'refuses it (CANNOT',
  ],
];
test.each(reasons)('%s', (_, reply, why) => {
  const trouble = troubleOf(reply, true);
  expect(trouble.why).toContain(why);
  expect(trouble.why).not.toContain('private');
});
