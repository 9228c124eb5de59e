import type { MediaPart } from './part.ts';

/** The endings of names that are true to a content type, the usual one first. */
const endings: Record<string, string[]> = {
  'image/jpeg': ['.jpg', '.jpeg', '.jfif'],
  'image/png': ['.png'],
  'image/gif': ['.gif'],
  'image/webp': ['.webp'],
  'image/svg+xml': ['.svg'],
  'video/mp4': ['.mp4'],
  'audio/mpeg': ['.mp3'],
  'audio/mp4': ['.m4a'],
  'audio/aac': ['.aac'],
  'audio/ogg': ['.ogg'],
  'audio/wav': ['.wav'],
  'application/pdf': ['.pdf'],
  'application/zip': ['.zip'],
  'text/plain': ['.txt'],
  'text/html': ['.html', '.htm'],
  'text/x-shellscript': ['.sh'],
  'application/x-msdownload': ['.exe', '.dll', '.scr', '.sys'],
  'application/x-elf': ['.elf', '.so', '.o'],
  'application/x-mach-binary': ['.macho', '.dylib'],
  'application/x-ms-shortcut': ['.lnk'],
  'application/x-shockwave-flash': ['.swf'],
  'application/vnd.ms-htmlhelp': ['.chm'],
  'application/java-archive': ['.jar'],
  'application/java-vm': ['.class'],
  'application/vnd.android.package-archive': ['.apk'],
  'application/x-apple-diskimage': ['.dmg'],
};

/** What opens as a program, or runs one when a browser shows it. */
const dangers: Record<string, string> = {
  'text/html': 'a web page',
  'image/svg+xml': 'a drawing that can hold scripts',
  'text/x-shellscript': 'a script',
  'application/x-msdownload': 'a Windows program',
  'application/x-elf': 'a Linux program',
  'application/x-mach-binary': 'a macOS program',
  'application/x-ms-shortcut': 'a Windows shortcut',
  'application/x-shockwave-flash': 'a Flash program',
  'application/vnd.ms-htmlhelp': 'a Windows help file, which can run programs',
  'application/java-archive': 'a Java program',
  'application/java-vm': 'a Java program',
  'application/vnd.android.package-archive': 'an Android app',
  'application/x-apple-diskimage': 'a macOS disk image',
};

/**
 * Under what name a customer's file is kept. The ending fits the content: helpdesks refuse a file whose ending and type
 * disagree. Something dangerous that claims to be something else gets a name that no double click opens, and a warning.
 * `contentType` is by the bytes. `found` is the name the server gave, if the platform told none.
 */
export function fileNameFor(
  part: MediaPart,
  file: { contentType: string; name?: string },
  position: number,
): { name: string; warning?: string } {
  const given = part.name ?? file.name ?? provisionalName(part, position);
  const fitting = endings[file.contentType];
  if (!fitting || hasEnding(given, fitting)) return { name: given };
  const what = dangers[file.contentType];
  if (!what || (part.type === 'file' && !claims.test(given)))
    return { name: `${given.replace(claims, '')}${fitting[0]}` };
  return {
    name: `${given.replace(allClaims, '')}${fitting[0]}.unsafe`,
    warning: `This file is not what it claims to be: it is ${what} (${file.contentType}). It was renamed; open it only if you know why.`,
  };
}

/** What a file is called before anything but its kind may be known. */
export const provisionalName = (part: MediaPart, position: number): string =>
  part.name ?? `${part.type}-${position + 1}`;

const claims = /\.[a-z0-9]{1,5}$/i;
const allClaims = /(?:\.[a-z0-9]{1,5})+$/i;

const hasEnding = (name: string, fitting: readonly string[]) =>
  fitting.some((ending) => name.toLowerCase().endsWith(ending));
