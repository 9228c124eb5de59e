import { fileTypeFromBuffer } from 'file-type';
import { expect, test } from 'vitest';
import { document, photo, voiceNote } from './sample-files.ts';

test.each([photo(5), document('a.pdf'), voiceNote()])(
  '$name is what it says by its bytes',
  async ({ bytes, contentType }) => {
    expect((await fileTypeFromBuffer(bytes))?.mime.replace('wave', 'wav')).toBe(contentType);
  },
);

test('photos of different shades differ in size, so that their order can be told', () => {
  expect(new Set([10, 120, 240].map((shade) => photo(shade).bytes.length)).size).toBe(3);
});
