import { type Duration, minutes, seconds } from '../domain/duration.ts';
import type { Trouble } from '../domain/outcome.ts';

/** One error of an answer, as the REST API gives it. The message may hold a customer's words: never shown as it is. */
export interface ApiError {
  code: string;
  message: string;
  /** API names of the fields it is about. */
  fields: string[];
  /** Of DUPLICATES_DETECTED: what the duplicate rule found. */
  duplicateResult?: unknown;
  /** Of MULTIPLE_CHOICES: the addresses of the records. */
  records?: string[];
}

/** How a call to the REST API ended, before it is known what that means for what was being done. */
export type Reply =
  | { result: 'done'; value: unknown }
  /** `undone`: the answer says for sure that nothing happened, whatever the error. */
  | { result: 'refused'; errors: ApiError[]; undone?: true }
  | Trouble;

type Fate = { result: 'later'; after?: Duration } | { result: 'never' } | { result: 'account-broken' };
interface Meaning {
  fate: Fate;
  why: string;
}

const later = (why: string, after?: Duration): Meaning => ({
  fate: after === undefined ? { result: 'later' } : { result: 'later', after },
  why,
});
const never = (why: string): Meaning => ({ fate: { result: 'never' }, why });
const broken = (why: string): Meaning => ({ fate: { result: 'account-broken' }, why });

/** The daily limit is counted over the last 24 hours, so that a little comes back all the time. */
const limitPause = minutes(15);

/** REST API status codes and error responses, and the core data type StatusCode of the SOAP API guide. */
const meanings: Record<string, Meaning> = {
  UNABLE_TO_LOCK_ROW: later('another change holds the record', seconds(2)),
  SERVER_UNAVAILABLE: later('Salesforce is unavailable'),
  REQUEST_RUNNING_TOO_LONG: later('Salesforce took too long'),
  QUERY_TIMEOUT: later('the query took too long'),
  UNKNOWN_EXCEPTION: later('Salesforce failed inside'),
  APEX_ERROR: later('Apex code in the org failed'),
  REQUEST_LIMIT_EXCEEDED: later('the org’s API limit is used up', limitPause),
  TXN_SECURITY_METERING_ERROR: later('the org’s transaction security is over its limit', limitPause),
  STORAGE_LIMIT_EXCEEDED: later('the org’s data storage is full', limitPause),
  INVALID_SESSION_ID: broken('Salesforce refuses the token even after a new login'),
  INVALID_AUTH_HEADER: broken('Salesforce refuses the token even after a new login'),
  API_DISABLED_FOR_ORG: broken('the API is switched off for this org or user (permission "API Enabled")'),
  API_CURRENTLY_DISABLED: broken('the API is switched off for this org'),
  ORG_LOCKED: broken('the org is locked'),
  UNSUPPORTED_API_VERSION: broken('the org does not have the API version that apiVersion names'),
  REQUIRED_FIELD_MISSING: never('a required field is empty'),
  FIELD_CUSTOM_VALIDATION_EXCEPTION: never('a validation rule of the org refuses it'),
  FIELD_INTEGRITY_EXCEPTION: never('a value does not fit its field'),
  INVALID_FIELD: never('a field does not exist, or the user may not see it'),
  INVALID_FIELD_FOR_INSERT_UPDATE: never('the user may not write a field'),
  INVALID_TYPE: never('an object does not exist, or the user may not see it'),
  INVALID_EMAIL_ADDRESS: never('Salesforce does not take the e-mail address'),
  MALFORMED_ID: never('an id is not an id'),
  MALFORMED_QUERY: never('Salesforce does not understand the query'),
  JSON_PARSER_ERROR: never('a value has the wrong type for its field'),
  STRING_TOO_LONG: never('a text is too long for its field'),
  NUMBER_OUTSIDE_VALID_RANGE: never('a number does not fit its field'),
  INVALID_CROSS_REFERENCE_KEY: never('a record it refers to does not exist'),
  ENTITY_IS_DELETED: never('the record was deleted in Salesforce'),
  INSUFFICIENT_ACCESS: never('the user may not change the record'),
  INSUFFICIENT_ACCESS_OR_READONLY: never('the user may not change the record'),
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: never('the user may not use a record it refers to'),
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: never('an Apex trigger or flow of the org refuses it'),
  CANNOT_EXECUTE_FLOW_TRIGGER: never('a flow of the org refuses it'),
  INACTIVE_OWNER_OR_USER: never('the owner is an inactive user'),
  NOT_FOUND: never('Salesforce does not have it'),
  INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: never('a value is not in its picklist'),
  DELETE_FAILED: never('other records hang on it, so that it cannot be deleted: remove them first, then ask again'),
  DUPLICATE_VALUE: never('another record has the same unique value'),
  DUPLICATES_DETECTED: never('a duplicate rule of the org found the same record'),
  MULTIPLE_CHOICES: never('the key belongs to several records: make its field unique'),
};

/** What to do about the answers that are not Salesforce's own: pages of a proxy, a wrong address, maintenance. */
function statusMeaning(code: string): Meaning | undefined {
  const status = Number(/^ERROR_HTTP_(\d{3})$/.exec(code)?.[1]);
  if (Number.isNaN(status)) return undefined;
  if (status >= 500 || status === 408 || status === 429) return later(`Salesforce answered ${status}`);
  if (status === 414 || status === 431 || status === 413 || status === 400)
    return never(`Salesforce answered ${status}`);
  return broken(`what answers at the org’s address is not the Salesforce API (status ${status})`);
}

/** Codes whose answer does not say whether the request was acted upon. */
const undecided = /^(UNKNOWN_EXCEPTION|REQUEST_RUNNING_TOO_LONG|SERVER_UNAVAILABLE|ERROR_HTTP_5\d\d)$/;

/**
 * What an answer other than `done` means for the caller. `repeatable`: doing it twice shows once (a read, an upsert),
 * so that a lost answer is `later` rather than `unsure`.
 */
export function troubleOf(reply: Exclude<Reply, { result: 'done' }>, repeatable: boolean): Trouble {
  if (reply.result === 'unsure') return repeatable ? { result: 'later', why: reply.why } : reply;
  if (reply.result !== 'refused') return reply;
  const [error] = reply.errors;
  if (!error) return { result: 'later', why: 'Salesforce refused without a reason' };
  return troubleOfError(error, repeatable || reply.undone === true);
}

function troubleOfError(error: ApiError, repeatable: boolean): Trouble {
  const { fate, why } = meanings[error.code] ?? statusMeaning(error.code) ?? never('Salesforce refused it');
  const told = `${why} (${[error.code, ...named(error)].join(', ')})`;
  if (fate.result === 'never') return { result: 'never', why: told, code: error.code };
  if (!repeatable && undecided.test(error.code)) return { result: 'unsure', why: told };
  return { ...fate, why: told };
}

/** The names of fields, and the text of a validation rule, which an admin wrote. */
function named(error: ApiError): string[] {
  const column = /No such column '(\w{1,80})'/.exec(error.message)?.[1];
  const rule = error.code === 'FIELD_CUSTOM_VALIDATION_EXCEPTION' ? [error.message.slice(0, 255)] : [];
  return [...new Set([...error.fields, ...(column ? [column] : [])]), ...rule];
}

/** Whether the answer holds this error. */
export const hasCode = (reply: Reply, ...codes: string[]): boolean => codeOf(reply, ...codes) !== undefined;

/** The first of these errors in the answer. */
export const codeOf = (reply: Reply, ...codes: string[]): ApiError | undefined =>
  reply.result === 'refused' ? reply.errors.find((error) => codes.includes(error.code)) : undefined;
