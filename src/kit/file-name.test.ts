import { expect, test } from 'vitest';
import { fileNameOf, safeFileName } from './file-name.ts';

const utf8AsLatin1 = (text: string) => Buffer.from(text).toString('latin1');

test.each([
  ['attachment; filename="invoice.pdf"', 'invoice.pdf'],
  ['attachment; filename=invoice.pdf', 'invoice.pdf'],
  ['attachment; filename="say \\"hi\\".txt"', 'say "hi".txt'],
  ['attachment; filename="fallback.txt"; filename*=UTF-8\'\'na%C3%AFve%20%E2%82%AC.txt', 'naïve €.txt'],
  ["attachment; filename*=iso-8859-1'en'caf%E9.txt", 'café.txt'],
  [`attachment; filename="${utf8AsLatin1('été.png')}"`, 'été.png'],
  ['attachment; filename="../../etc/passwd"', 'passwd'],
  ['attachment; filename="C:\\\\temp\\\\a.doc"', 'a.doc'],
  ['attachment; filename=""', 'photo.jpg'],
  ["attachment; filename*=UTF-8''%E0%A4%A", 'photo.jpg'],
  ['inline', 'photo.jpg'],
  [undefined, 'photo.jpg'],
])('%j names the file %j', (disposition, name) => {
  expect(fileNameOf(disposition, new URL('https://cdn.example/v/photo.jpg?token=1'))).toBe(name);
});

test.each([
  ['https://cdn.example/', undefined],
  ['https://cdn.example/a/%E0%B8%81.png', 'ก.png'],
  ['https://cdn.example/a/%ZZ.png', '%ZZ.png'],
  ['https://cdn.example/a/..%2f..%2fsecret', 'secret'],
])('%s without a header is named %j', (url, name) => expect(fileNameOf(undefined, new URL(url))).toBe(name));

test.each([
  ['a\u0000b\r\nc.txt', 'abc.txt'],
  ['photo\u202egpj.exe', 'photogpj.exe'],
  ['\ud800.png', '.png'],
  ['..', undefined],
  ['  ', undefined],
])('%j becomes %j', (name, safe) => expect(safeFileName(name)).toBe(safe));

test('a long name keeps its extension and whole characters', () => {
  const name = safeFileName(`${'😀'.repeat(300)}.jpeg`) ?? '';
  expect([...name]).toHaveLength(150);
  expect(name.endsWith('😀.jpeg')).toBe(true);
});
