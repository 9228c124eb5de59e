import { expect, test } from 'vitest';
import { closest } from './closest.ts';

const known = ['port', 'publicUrl', 'pageId', 'pageToken', 'maxBodyBytes'];

test.each([
  ['prot', 'port'],
  ['publicURL', 'publicUrl'],
  ['page_id', 'pageId'],
  ['pageTokn', 'pageToken'],
  ['max-body-byte', 'maxBodyBytes'],
  ['password', undefined],
  ['', undefined],
])('%j means %j', (name, meant) => expect(closest(name, known)).toBe(meant));

test('the nearest of several wins', () => expect(closest('pageIdd', ['pageTo', 'pageId'])).toBe('pageId'));
test('nothing is near when nothing is known', () => expect(closest('port', [])).toBeUndefined());
