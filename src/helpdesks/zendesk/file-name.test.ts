import { expect, test } from 'vitest';
import { fileNameFor } from './file-name.ts';

test.each([
  ['photo.jpg', 'image/jpeg', 'photo.jpg'],
  ['PHOTO.JPEG', 'image/jpeg', 'PHOTO.JPEG'],
  ['photo', 'image/jpeg', 'photo.jpg'],
  ['photo.png', 'image/jpeg', 'photo.png.jpg'],
  ['invoice.pdf.exe', 'application/pdf', 'invoice.pdf.exe.pdf'],
  ['data.bin', 'application/octet-stream', 'data.bin'],
  ['../../etc/passwd', 'text/plain', 'passwd.txt'],
  ['C:\\temp\\a.txt', 'text/plain', 'a.txt'],
  ['a\r\nb\u0000.png', 'image/png', 'ab.png'],
  ['a\u202egnp.exe', 'application/octet-stream', 'agnp.exe'],
  ['', 'image/png', 'file.png'],
  ['.htaccess', 'application/octet-stream', 'htaccess'],
  [`${'é'.repeat(300)}.png`, 'image/png', `${'é'.repeat(146)}.png`],
])('%j of %s becomes %j', (name, contentType, expected) => {
  expect(fileNameFor(name, contentType)).toBe(expected);
});
