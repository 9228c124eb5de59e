import { compile, type DomNode, type FormatCallback, type HtmlToTextOptions } from 'html-to-text';

/** The forms in which Zendesk gives a comment. */
interface CommentForms {
  html_body?: string | null | undefined;
  plain_body?: string | null | undefined;
  body?: string | null | undefined;
}

/**
 * An agent's comment as text that reads well in a chat: formatting gone, lists with bullets, links as `text (url)`, a line per
 * table row. Images are left out (they are files of the comment), unless there is nothing but linked ones.
 */
export function readableText({ html_body: html, plain_body: plain, body }: CommentForms): string {
  if (!html) return tidy(plain ?? body ?? '');
  return tidy(withoutImages(html)) || tidy(withImages(html));
}

/** Spaces that only markup needs, and gaps of more than one empty line. */
function tidy(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\u00a0/g, ' ')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\s+$/g, '');
}

/** `text (url)`, or only one of them where the other says nothing more. */
const formatLink: FormatCallback = (element, walk, builder) => {
  const target = linkTarget(element.attribs?.href);
  let text = '';
  builder.pushWordTransform((word: string) => {
    text += word;
    return word;
  });
  walk(element.children, builder);
  builder.popWordTransform();
  if (!target || saysTheSame(text, target)) return;
  builder.addInline(text ? ` (${target})` : target, { noWordTransform: true });
};

/** Only what a customer can open: mentions and other links into the helpdesk are relative. */
function linkTarget(href: unknown): string | undefined {
  const target = typeof href === 'string' ? href.trim() : '';
  if (/^https?:\/\//i.test(target)) return target;
  return /^(mailto|tel):/i.test(target) ? target.replace(/^[a-z]+:/i, '') : undefined;
}

const bare = (text: string) =>
  text
    .replace(/^https?:\/\/(www\.)?/i, '')
    .replace(/\/$/, '')
    .replace(/\s/g, '')
    .toLowerCase();
const saysTheSame = (text: string, target: string) => bare(text) === bare(target);

type Cells = ({ text?: string; lines?: string[] } | undefined)[];

/** One line per row, cells parted by bars. A row of a single cell is layout, and keeps its lines. */
const formatTable: FormatCallback = (element, walk, builder) => {
  builder.openTable();
  for (const row of rowsOf(element)) {
    builder.openTableRow();
    for (const cell of row.children.filter(({ name }) => name === 'td' || name === 'th')) {
      builder.openTableCell();
      walk(cell.children, builder);
      builder.closeTableCell();
    }
    builder.closeTableRow();
  }
  builder.closeTable({ tableToString: (rows: Cells[]) => rows.map(rowText).filter(Boolean).join('\n') });
};

/** The table's own rows, not those of tables inside it. */
function rowsOf(element: DomNode): DomNode[] {
  return element.children.flatMap((child) => {
    if (child.name === 'tr') return [child];
    return ['thead', 'tbody', 'tfoot'].includes(child.name ?? '') ? rowsOf(child) : [];
  });
}

function rowText(cells: Cells): string {
  const texts = cells.map((cell) => (cell?.text ?? cell?.lines?.join('\n') ?? '').trim()).filter(Boolean);
  return texts.length === 1 ? texts[0]! : texts.map((text) => text.replace(/\s*\n\s*/g, ' ')).join(' | ');
}

/** As the library's own, without the blank it puts before the numbers. */
const formatNumbered: FormatCallback = (element, walk, builder) => {
  const items = element.children.filter(({ name }) => name === 'li');
  const first = Number.parseInt(String(element.attribs?.start ?? 1), 10) || 1;
  const prefixes = items.map((_item, index) => `${first + index}. `);
  const maxPrefixLength = Math.max(0, ...prefixes.map(({ length }) => length));
  builder.openList({ interRowLineBreaks: 1, leadingLineBreaks: 1, maxPrefixLength, prefixAlign: 'left' });
  for (const [index, item] of items.entries()) {
    builder.openListItem({ prefix: prefixes[index]! });
    walk([item], builder);
    builder.closeListItem();
  }
  builder.closeList({ trailingLineBreaks: 1 });
};

const formatImage: FormatCallback = (element, _walk, builder) => {
  const target = linkTarget(element.attribs?.src);
  if (target) builder.addInline(target);
};

const formatEmoji: FormatCallback = (element, _walk, builder) => {
  builder.addInline(String(element.attribs?.alt ?? ''));
};

const heading = {
  selector: '',
  format: 'heading',
  options: { uppercase: false, leadingLineBreaks: 2, trailingLineBreaks: 1 },
};
const headings = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ ...heading, selector }));

const options = (image: 'skip' | 'link'): HtmlToTextOptions => ({
  wordwrap: false,
  // Deeper than any editor nests, and not so deep that the stack ends.
  limits: { maxDepth: 200, ellipsis: '…' },
  formatters: {
    link: formatLink,
    rows: formatTable,
    numbered: formatNumbered,
    address: formatImage,
    emoji: formatEmoji,
  },
  selectors: [
    { selector: 'a', format: 'link' },
    { selector: 'table', format: 'rows', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    {
      selector: 'ul',
      format: 'unorderedList',
      options: { itemPrefix: '• ', leadingLineBreaks: 1, trailingLineBreaks: 1 },
    },
    { selector: 'ol', format: 'numbered' },
    { selector: 'blockquote', format: 'blockquote', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'hr', format: 'blockString', options: { string: '———' } },
    ...headings,
    { selector: 'img', format: image === 'skip' ? 'skip' : 'address' },
    { selector: 'img.emoji', format: 'emoji' },
    { selector: 'img[src*="/attachments/"]', format: 'skip' },
  ],
});

const withoutImages = compile(options('skip'));
const withImages = compile(options('link'));
