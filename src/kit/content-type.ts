import { fileTypeFromBuffer } from 'file-type';

/**
 * What bytes are: by their first ones where they tell, else as they were said to be, else `application/octet-stream`.
 * A file that was said to be plain text is taken for nothing that runs.
 */
export async function contentTypeOf(bytes: Buffer, told?: string): Promise<string> {
  const said = told?.split(';')[0]?.trim().toLowerCase();
  const good = said && /^[\w.+-]+\/[\w.+-]+$/.test(said) ? said : undefined;
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
  // An SVG that begins as XML does is found as XML.
  if (found && found.mime !== 'application/xml') return found.mime;
  const written = good === 'text/plain' ? undefined : writtenType(bytes);
  return written ?? good ?? found?.mime ?? 'application/octet-stream';
}

const html = /^<(?:!doctype html|html|head|body|script|iframe|title|meta|style|link|form)\b/;
const preambles = /^(?:\s|<\?xml[^>]*>|<!--[\s\S]*?-->|<!doctype svg[^>]*>)+/;

/** Formats that are text and that programs run: browsers draw HTML and SVG whatever a name says, a shell reads scripts. */
function writtenType(bytes: Buffer): string | undefined {
  const start = startOf(bytes);
  const bare = start.replace(preambles, '');
  if (start.startsWith('#!')) return 'text/x-shellscript';
  if (html.test(bare)) return 'text/html';
  return /^<(?:\w+:)?svg\b/.test(bare) ? 'image/svg+xml' : undefined;
}

function startOf(bytes: Buffer): string {
  const first = bytes.subarray(0, 4_096);
  const utf16 = first[0] === 0xff && first[1] === 0xfe;
  return first
    .toString(utf16 ? 'utf16le' : 'utf8')
    .replace(/^\ufeff/, '')
    .toLowerCase();
}
