import { expect, test } from 'vitest';
import { largestFile } from './outgoing-body.ts';

const limits = {
  textLength: 100,
  attachmentBytes: 100,
  attachmentBytesByType: { 'image/': 5, 'image/webp': 1, 'audio/': 16 },
};

test.each([
  ['image/png', 5],
  ['image/webp', 1],
  ['audio/ogg', 16],
  ['application/pdf', 100],
])('the limit for %s is %d', (contentType, bytes) => expect(largestFile(limits, contentType)).toBe(bytes));
