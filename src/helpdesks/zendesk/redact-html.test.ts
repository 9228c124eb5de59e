import { expect, test } from 'vitest';
import { redactedHtml } from './redact-html.ts';

const wrapped = (inner: string) => `<div class="zd-comment" dir="auto">${inner}</div>`;
/** The pieces of the body between brackets go. */
function goal(marked: string) {
  const pieces: { from: number; to: number }[] = [];
  let body = '';
  for (const part of marked.split(/(\[\[|\]\])/)) {
    if (part === '[[') pieces.push({ from: body.length, to: -1 });
    else if (part === ']]') pieces.at(-1)!.to = body.length;
    else body += part;
  }
  return { body, pieces };
}

test.each([
  [
    'a paragraph of several',
    'one\n\n[[two]]\n\nthree',
    '<p>one</p><p>two</p><p>three</p>',
    '<p>one</p><p><redact>two</redact></p><p>three</p>',
  ],
  ['the second of two equal ones', 'ok\n\n[[ok]]', '<p>ok</p><p>ok</p>', '<p>ok</p><p><redact>ok</redact></p>'],
  [
    'lines and blanks between',
    '[[a b\nc]] d',
    '<p>a b<br>c d</p>',
    '<p><redact>a b</redact><br><redact>c</redact> d</p>',
  ],
  [
    'what HTML escapes',
    '[[1 < 2 & "x"]] > 0',
    '<p>1 &lt; 2 &amp; &quot;x&quot; &gt; 0</p>',
    '<p><redact>1 &lt; 2 &amp; &quot;x&quot;</redact> &gt; 0</p>',
  ],
  ['numbers for letters', "[[it's]] so", '<p>it&#39;s so</p>', '<p><redact>it&#39;s</redact> so</p>'],
  ['emoji of several parts', '[[👩‍👩‍👧 ❤️]] x', '<p>👩‍👩‍👧 ❤️ x</p>', '<p><redact>👩‍👩‍👧 ❤</redact>️ x</p>'],
  [
    'what Markdown made bold',
    '[[**very** _much_]] so',
    '<p><strong>very</strong> <em>much</em> so</p>',
    '<p><strong><redact>very</redact></strong> <em><redact>much</redact></em> so</p>',
  ],
  [
    'a link, and where it leads',
    'see [[https://x.example/a]] ok',
    '<p>see <a href="https://x.example/a" rel="nofollow">https://x.example/a</a> ok</p>',
    '<p>see <a href="https://x.example/a" rel="nofollow" redact><redact>https://x.example/a</redact></a> ok</p>',
  ],
  [
    'what is left after an earlier redaction',
    '▇▇▇▇▇▇▇▇\n\n[[two]]\n\nok',
    '<p>▇▇▇▇</p><p>two</p><p>ok</p>',
    '<p>▇▇▇▇</p><p><redact>two</redact></p><p>ok</p>',
  ],
  [
    'what formatting elsewhere does not hide',
    '1. milk\n\n[[unique words]]',
    '<ol><li>milk</li></ol><p>unique words</p>',
    '<ol><li>milk</li></ol><p><redact>unique words</redact></p>',
  ],
])('%s', (_, body, html, wanted) => {
  expect(redactedHtml(wrapped(html), goal(body))).toBe(wrapped(wanted));
});

test('what is gone already is asked for no more', () => {
  expect(redactedHtml(wrapped('<p>one</p><p>▇▇▇▇</p>'), goal('one\n\n[[two]]'))).toBeUndefined();
  expect(redactedHtml(wrapped('<p>▇▇▇▇</p>'), 'all')).toBeUndefined();
});

test.each([
  ['it stands there twice and letters are missing', '1. ok\n\n[[ok]]', '<ol><li>ok</li></ol><p>ok</p>'],
  ['it does not stand there', '[[1. milk]]\n\nx', '<ol><li>milk</li></ol><p>x y</p>'],
])('nothing is guessed: %s', (_, body, html) => {
  expect(redactedHtml(wrapped(html), goal(body))).toBe('not-found');
});

test('all of a comment goes, with its pictures', () => {
  expect(redactedHtml(wrapped('<p>Your <em>card</em> <img src="https://x.example/1.png"></p>'), 'all')).toBe(
    wrapped('<p><redact>Your</redact> <em><redact>card</redact></em> <img src="https://x.example/1.png" redact></p>'),
  );
});
