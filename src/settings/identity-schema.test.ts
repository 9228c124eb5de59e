import { expect, test } from 'vitest';
import { evidences } from '../domain/evidence.ts';
import { evidenceKinds } from './identity-schema.ts';

test('the mapping knows all kinds of evidence, in their order', () => {
  expect(evidenceKinds).toEqual(evidences);
});
