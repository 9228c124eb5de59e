const longest = 150;

/** A file's name from a Content-Disposition header (RFC 6266, with the RFC 5987 form first), else from the URL's path. */
export function fileNameOf(disposition: string | undefined, url: URL): string | undefined {
  return (disposition && safeFileName(namedIn(disposition))) || safeFileName(lastSegment(url));
}

/** Without folders, control and direction-changing characters, at most 150 characters; undefined if nothing is left. */
export function safeFileName(name: string | undefined): string | undefined {
  const base = (name ?? '').split(/[\\/]/).at(-1) ?? '';
  // Direction overrides make "exe.gpj" read as "jpg.exe" turned round; lone surrogates break JSON and headers.
  const clean = base.replace(/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '').trim();
  return /^\.*$/.test(clean) ? undefined : shortened(clean);
}

function shortened(name: string): string {
  const characters = [...name];
  if (characters.length <= longest) return name;
  const extension = /\.[^.]{1,10}$/u.exec(name)?.[0] ?? '';
  return characters.slice(0, longest - extension.length).join('') + extension;
}

function namedIn(disposition: string): string | undefined {
  const extended = /;\s*filename\*\s*=\s*([\w!#$&+\-^`{}~]+)'[^']*'([^;\s]+)/i.exec(disposition);
  const decoded = extended && percentDecoded(extended[2] ?? '', extended[1] ?? '');
  if (decoded) return decoded;
  const plain = /;\s*filename\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^;"\s]+))/i.exec(disposition);
  const text = plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2];
  return text && utf8IfItIs(text);
}

function percentDecoded(text: string, charset: string): string | undefined {
  if (/^utf-8$/i.test(charset)) return decodedOrUndefined(text);
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Node reads headers as Latin-1, but many servers send UTF-8 in them. */
function utf8IfItIs(text: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}

function lastSegment(url: URL): string | undefined {
  const segment = url.pathname.split('/').at(-1) ?? '';
  return decodedOrUndefined(segment) ?? segment;
}

function decodedOrUndefined(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
