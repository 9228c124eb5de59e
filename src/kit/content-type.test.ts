import { expect, test } from 'vitest';
import { contentTypeOf } from './content-type.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

test.each([
  ['a picture called text', png, 'text/plain', 'image/png'],
  ['text', Buffer.from('hello'), 'Text/Plain; charset=utf-8', 'text/plain'],
  ['text that shows tags', Buffer.from('<html>'), 'text/plain', 'text/plain'],
  ['nothing told', Buffer.from('hello'), undefined, 'application/octet-stream'],
  ['nonsense told', Buffer.from('hello'), 'nonsense', 'application/octet-stream'],
  ['a page called a picture', Buffer.from('\n <!DOCTYPE html><p>'), 'image/png', 'text/html'],
  ['a page behind a comment', Buffer.from('<!-- x --><script>alert(1)</script>'), 'image/jpeg', 'text/html'],
  ['a page in UTF-16', Buffer.from('\ufeff<html>', 'utf16le'), 'image/jpeg', 'text/html'],
  ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg">'), 'image/png', 'image/svg+xml'],
  ['a drawing that begins as XML', Buffer.from('<?xml version="1.0"?>\n<svg>'), 'image/png', 'image/svg+xml'],
  ['a script', Buffer.from('#!/bin/sh\nrm -r .'), 'image/gif', 'text/x-shellscript'],
  ['other XML', Buffer.from('<?xml version="1.0"?><order/>'), undefined, 'application/xml'],
  ['a Windows program', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(64)]), 'image/png', 'application/x-msdownload'],
])('%s', async (_, bytes, told, type) => expect(await contentTypeOf(bytes, told)).toBe(type));
