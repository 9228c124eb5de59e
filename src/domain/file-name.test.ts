import { expect, test } from 'vitest';
import { fileNameFor } from './file-name.ts';
import type { MediaPart } from './part.ts';

const image = (name?: string): MediaPart => ({ type: 'image', ...(name ? { name } : {}) });
const file = (name?: string): MediaPart => ({ type: 'file', ...(name ? { name } : {}) });

test.each<[string, MediaPart, { contentType: string; name?: string }, string, 'warns' | 'keeps quiet']>([
  ['a name that fits stays', image('Me.JPEG'), { contentType: 'image/jpeg' }, 'Me.JPEG', 'keeps quiet'],
  ['an ending is put right', image('me.png'), { contentType: 'image/jpeg' }, 'me.jpg', 'keeps quiet'],
  ['an ending is added', image(), { contentType: 'image/png' }, 'image-3.png', 'keeps quiet'],
  ['the server may name it', file(), { contentType: 'application/pdf', name: 'a b.pdf' }, 'a b.pdf', 'keeps quiet'],
  ['an unknown type changes nothing', file('x.step'), { contentType: 'model/step' }, 'x.step', 'keeps quiet'],
  ['a page that says so', file('page.html'), { contentType: 'text/html' }, 'page.html', 'keeps quiet'],
  ['a page without an ending', file('page'), { contentType: 'text/html' }, 'page.html', 'keeps quiet'],
  [
    'a program that says so',
    file('Setup.EXE'),
    { contentType: 'application/x-msdownload' },
    'Setup.EXE',
    'keeps quiet',
  ],
  ['a page as a picture', image('cat.jpg'), { contentType: 'text/html' }, 'cat.html.unsafe', 'warns'],
  ['a page as a picture without a name', image(), { contentType: 'text/html' }, 'image-3.html.unsafe', 'warns'],
  ['a drawing as a picture', image('cat.png'), { contentType: 'image/svg+xml' }, 'cat.svg.unsafe', 'warns'],
  [
    'a program as a document',
    file('bill.pdf'),
    { contentType: 'application/x-msdownload' },
    'bill.exe.unsafe',
    'warns',
  ],
  ['every false ending goes', file('b.exe.pdf'), { contentType: 'application/x-msdownload' }, 'b.exe.unsafe', 'warns'],
])('%s', (_, part, given, name, warning) => {
  const named = fileNameFor(part, given, 2);
  expect(named.name).toBe(name);
  expect(named.warning !== undefined).toBe(warning === 'warns');
});
