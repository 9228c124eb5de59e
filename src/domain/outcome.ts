import type { Duration } from './duration.ts';

/**
 * How an outside call ended. Expected endings are values, so that a caller must handle each; a throw means a bug.
 * - `later`: it surely did not happen and may be tried again, no sooner than `after` if given (429, refused connection…).
 *   `for` says that only this conversation has to wait (too many messages to one person, a file that has to be left again).
 * - `never`: refused for good; `why` is written for whoever waits. `code` is the platform's own.
 * - `unsure`: it may have happened (a timeout after the body left): look it up before trying again.
 * - `account-broken`: the token is dead or a permission is missing: hold this account's work until it is mended.
 */
export type Trouble =
  | { result: 'later'; why: string; after?: Duration; for?: 'conversation' }
  | { result: 'never'; why: string; code?: string }
  | { result: 'unsure'; why: string }
  | { result: 'account-broken'; why: string };

export type Outcome<Value> = { result: 'done'; value: Value } | Trouble;

export const done = <Value>(value: Value): { result: 'done'; value: Value } => ({ result: 'done', value });
