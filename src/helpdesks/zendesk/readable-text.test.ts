import { expect, test } from 'vitest';
import { readableText } from './readable-text.ts';

const wrapped = (html: string) => `<div class="zd-comment" dir="auto">${html}</div>`;

test.each([
  ['a paragraph', '<p>Hello</p>', 'Hello'],
  ['paragraphs', '<p>One</p><p>Two</p>', 'One\n\nTwo'],
  ['line breaks', 'One<br>Two<br/>Three', 'One\nTwo\nThree'],
  ['empty paragraphs between', '<p>One</p><p>&nbsp;</p><p><br></p><p>Two</p>', 'One\n\nTwo'],
  ['divs as lines', '<div>One</div><div>Two</div>', 'One\nTwo'],
  ['bold, italic, struck, code', '<b>a</b> <em>b</em> <del>c</del> <code>d_e*f</code>', 'a b c d_e*f'],
  ['no markdown noise of its own', '<p>2 * 3 = 6 and # 1 _here_</p>', '2 * 3 = 6 and # 1 _here_'],
  ['a heading as written', '<h2>Your order</h2><p>It left.</p>', 'Your order\n\nIt left.'],
  ['a list', '<p>Take:</p><ul><li>one</li><li>two</li></ul><p>Bye</p>', 'Take:\n\n• one\n• two\n\nBye'],
  ['a numbered list', '<ol><li>one</li><li>two</li></ol>', '1. one\n2. two'],
  ['a numbered list from 3', '<ol start="3"><li>three</li><li>four</li></ol>', '3. three\n4. four'],
  ['numbers of two digits', `<ol start="9"><li>nine</li><li>ten</li></ol>`, '9.  nine\n10. ten'],
  ['a list in a list', '<ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul>', '• one\n  • inner\n• two'],
  [
    'a link',
    'See <a href="https://acme.example/a?b=1&amp;c=2">our page</a>.',
    'See our page (https://acme.example/a?b=1&c=2).',
  ],
  ['a link that shows itself', '<a href="https://acme.example/">https://acme.example</a>', 'https://acme.example'],
  ['a link without protocol', '<a href="https://www.acme.example/">acme.example</a>', 'acme.example'],
  ['a link without text', '<a href="https://acme.example/"></a>', 'https://acme.example/'],
  ['an e-mail link', '<a href="mailto:help@acme.example">help@acme.example</a>', 'help@acme.example'],
  ['a phone link', '<a href="tel:+33123456789">Call us</a>', 'Call us (+33123456789)'],
  ['a mention', '<a class="user-mention" href="/agent/users/42">@Alice Martin</a>, look', '@Alice Martin, look'],
  ['a link that is a script', '<a href="javascript:alert(1)">click</a>', 'click'],
  [
    'a quote',
    '<p>You said:</p><blockquote><p>Where is it?</p></blockquote><p>Here.</p>',
    'You said:\n\n> Where is it?\n\nHere.',
  ],
  ['a quote in a quote', '<blockquote>outer<blockquote>inner</blockquote></blockquote>', '> outer\n> > inner'],
  ['code, as it is', '<pre>if (a) {\n  b();\n}</pre>', 'if (a) {\n  b();\n}'],
  [
    'a table',
    '<table><tr><th>Item</th><th>Price</th></tr><tr><td>Tea</td><td>3 €</td></tr></table>',
    'Item | Price\nTea | 3 €',
  ],
  [
    'a table in a table',
    '<table><tr><td><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table></td></tr></table>',
    'a | b\nc | d',
  ],
  ['a table for layout', '<table><tbody><tr><td><p>One</p><p>Two</p></td></tr></tbody></table>', 'One\n\nTwo'],
  ['cells of several lines', '<table><tr><td>a<br>b</td><td>c</td></tr></table>', 'a b | c'],
  ['a line', 'One<hr>Two', 'One\n\n———\n\nTwo'],
  ['entities', 'a &lt; b &amp;&amp; c&nbsp;d &#8364; &hellip;', 'a < b && c d € …'],
  ['emoji, joined ones too', '<p>👍🏽 👩‍👩‍👧 🇫🇷</p>', '👍🏽 👩‍👩‍👧 🇫🇷'],
  ['an emoji as an image', 'Yes <img class="emoji" alt="😀" src="https://x.example/1f600.png">', 'Yes 😀'],
  ['right-to-left text', '<p dir="rtl">שלום, <b>עולם</b>!</p><p dir="rtl">مرحبا</p>', 'שלום, עולם!\n\nمرحبا'],
  ['scripts and styles dropped', '<style>p{color:red}</style><script>alert(1)</script><p>Hi</p>', 'Hi'],
  ['comments dropped', '<!-- hidden -->Hi', 'Hi'],
  [
    'an inline image dropped: it is a file',
    '<p>Look</p><img src="https://a.zendesk.com/attachments/token/x/?name=a.png">',
    'Look',
  ],
  ['nothing but an inline image', '<img src="https://a.zendesk.com/attachments/token/x/?name=a.png">', ''],
  ['nothing but an image elsewhere', '<img src="https://cdn.example/a.png">', 'https://cdn.example/a.png'],
  ['blanks of the source', '  <p>\n   One\n   two  </p>\n', 'One two'],
  ['markup that is broken', '<p>One<b>two</p><ul><li>three', 'Onetwo\n\n• three'],
  ['no long lines cut', `<p>${'word '.repeat(100).trim()}</p>`, 'word '.repeat(100).trim()],
])('turns to text: %s', (_it, html, text) => {
  expect(readableText({ html_body: wrapped(html), plain_body: 'plain', body: 'body' })).toBe(text);
});

test.each([
  ['plain_body where there is no HTML', { plain_body: 'plain\r\n\r\n\r\n\r\ntext ', body: 'body' }, 'plain\n\ntext'],
  ['body where there is nothing else', { html_body: '', body: ' **body**' }, ' **body**'],
  ['nothing', {}, ''],
  ['an empty comment', { html_body: '<div class="zd-comment"></div>', plain_body: '' }, ''],
])('falls back to %s', (_it, forms, text) => {
  expect(readableText(forms)).toBe(text);
});

test('survives markup of any depth', () => {
  const html = `${'<div><ul><li>'.repeat(2_000)}deep${'</li></ul></div>'.repeat(2_000)}`;
  expect(readableText({ html_body: `<p>Before</p>${html}` })).toContain('Before');
});
