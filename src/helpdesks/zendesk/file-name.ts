/** Extensions that go with a content type, the usual one first. Zendesk refuses a file whose name says something else. */
const extensions: Record<string, string[]> = {
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/png': ['png'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'image/heic': ['heic'],
  'image/svg+xml': ['svg'],
  'image/bmp': ['bmp'],
  'image/tiff': ['tif', 'tiff'],
  'video/mp4': ['mp4', 'm4v'],
  'video/quicktime': ['mov', 'qt'],
  'video/webm': ['webm'],
  'video/3gpp': ['3gp'],
  'audio/mpeg': ['mp3', 'mpga'],
  'audio/mp4': ['m4a', 'mp4'],
  'audio/x-m4a': ['m4a'],
  'audio/aac': ['aac'],
  'audio/ogg': ['ogg', 'oga', 'opus'],
  'audio/opus': ['opus'],
  'audio/wav': ['wav'],
  'audio/amr': ['amr'],
  'application/pdf': ['pdf'],
  'application/zip': ['zip'],
  'application/json': ['json'],
  'application/rtf': ['rtf'],
  'application/msword': ['doc'],
  'application/vnd.ms-excel': ['xls'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['pptx'],
  'text/plain': ['txt', 'text', 'log', 'md'],
  'text/csv': ['csv'],
  'text/html': ['html', 'htm'],
  'text/calendar': ['ics'],
  'text/vcard': ['vcf'],
};

/** A name Zendesk takes for a file of this content type: without a path or control characters, with an extension that matches. */
export function fileNameFor(name: string, contentType: string): string {
  const clean = cleaned(name);
  const fitting = extensions[contentType];
  const extension = /\.([^.]+)$/.exec(clean)?.[1]?.toLowerCase();
  if (!fitting || (extension && fitting.includes(extension))) return clean;
  return `${clean}.${fitting[0]}`;
}

function cleaned(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  // Control characters, and the marks that turn the reading direction and so hide an extension.
  const visible = last.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '').trim();
  return shortened(visible.replace(/^\.+/, '')) || 'file';
}

/** At most 150 characters, the extension kept. */
function shortened(name: string): string {
  const letters = [...name];
  if (letters.length <= 150) return name;
  const extension = /\.[^.]{1,10}$/.exec(name)?.[0] ?? '';
  return letters.slice(0, 150 - extension.length).join('') + extension;
}
