import { expect, test } from 'vitest';
import { isPostgresTrouble, spoilsConnection } from './postgres-trouble.ts';

const coded = (code: string) => Object.assign(new Error('something'), { code });

test.each<[unknown, boolean, boolean]>([
  [coded('57P01'), true, true],
  [coded('57014'), true, false],
  [coded('53100'), true, false],
  [coded('53300'), true, false],
  [coded('25006'), true, true],
  [coded('55P03'), true, false],
  [coded('08006'), true, true],
  [coded('ECONNRESET'), true, true],
  [coded('ECONNREFUSED'), true, true],
  [new Error('Query read timeout'), true, true],
  [new Error('Connection terminated unexpectedly'), true, true],
  [new Error('timeout exceeded when trying to connect'), true, true],
  [coded('23505'), false, false],
  [coded('22P02'), false, false],
  [coded('42P01'), false, false],
  [coded('28 of something else'), false, false],
  [coded('ERR_INVALID_ARG_TYPE'), false, false],
  [new TypeError('x is undefined'), false, false],
  ['a text', false, false],
  [undefined, false, false],
  [null, false, false],
])('%j is trouble of the database: %j; its connection is of no more use: %j', (error, trouble, spoils) => {
  expect([isPostgresTrouble(error), spoilsConnection(error)]).toEqual([trouble, spoils]);
});
