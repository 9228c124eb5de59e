const allowed = new Set([
  'B',
  'STRONG',
  'I',
  'EM',
  'U',
  'UL',
  'OL',
  'LI',
  'BR',
  'P',
  'DIV',
  'BLOCKQUOTE',
  'CODE',
  'PRE',
  'A',
]);
const skipped = new Set(['SCRIPT', 'STYLE', 'TEMPLATE', 'IFRAME', 'OBJECT']);

/** An agent's formatting, rebuilt from a short list of elements without attributes; nothing else survives. */
export function safeNodes(html) {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  return [...parsed.body.childNodes].map(copy).filter(Boolean);
}

/** The same as text, to be sent. */
export function safeHtml(element) {
  const holder = document.createElement('div');
  holder.append(...[...element.childNodes].map(copy).filter(Boolean));
  return holder.innerHTML;
}

function copy(node) {
  if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
  if (node.nodeType !== Node.ELEMENT_NODE || skipped.has(node.tagName)) return undefined;
  const into = allowed.has(node.tagName) ? document.createElement(node.tagName) : document.createDocumentFragment();
  if (node.tagName === 'A' && /^https?:/.test(node.href)) {
    Object.assign(into, { href: node.href, target: '_blank', rel: 'noreferrer' });
  }
  into.append(...[...node.childNodes].map(copy).filter(Boolean));
  return into;
}
