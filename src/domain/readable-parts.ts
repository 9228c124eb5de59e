import { isMedia, type MediaPart, type Part } from './part.ts';

/**
 * What became of a part's file: on the ticket by this name, still to come, or why it is not there. `unsafeLink`: nobody
 * should follow the link it was sent by.
 */
export type FileFate = { name: string; warning?: string } | { follows: true } | { missing: string; unsafeLink?: true };

const labels = {
  image: '🖼 Image',
  video: '🎬 Video',
  audio: '🎤 Voice message',
  file: '📎 File',
  sticker: '🙂 Sticker',
};

/**
 * A message as text that reads well on a ticket and in a transcript. `fates` holds, by a part's position, what became of
 * its file.
 */
export function readableParts(parts: readonly Part[], fates: ReadonlyMap<number, FileFate> = new Map()): string {
  return parts
    .map((part, position) => (isMedia(part) ? readableMedia(part, fates.get(position)) : readablePart(part)))
    .filter((line) => line !== '')
    .join('\n');
}

function readablePart(part: Exclude<Part, MediaPart>): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'location':
      return lines(
        `📍 Location${part.title ? `: ${part.title}` : ''}`,
        part.url ?? mapLink(part.latitude, part.longitude),
      );
    case 'link':
      return lines(`🔗 ${part.title ?? `Shared ${part.what}`}`, part.text, part.url);
    case 'button':
      return part.title
        ? `👆 ${part.title}`
        : part.payload
          ? `👆 Tapped a button (${part.payload})`
          : '👆 Tapped a button';
    case 'template':
      return lines(...part.lines, part.url) || `[${part.what}]`;
    case 'unsupported':
      return `[A message this channel cannot show: ${part.what}]`;
    default:
      return part satisfies never;
  }
}

function readableMedia(part: MediaPart, fate: FileFate | undefined): string {
  const label = part.title ? `${labels[part.type]}: ${part.title}` : labels[part.type];
  if (!fate) return lines(label, part.url);
  if ('name' in fate) return lines(`${label} (${fate.name})`, fate.warning && `⚠️ ${fate.warning}`);
  const named = part.name ? `${label} (${part.name})` : label;
  if ('follows' in fate) return `${named}: follows`;
  return lines(`${named}: not attached, ${fate.missing}`, fate.unsafeLink ? undefined : part.url);
}

const mapLink = (latitude: number, longitude: number) => `https://www.google.com/maps?q=${latitude},${longitude}`;

const lines = (...all: (string | undefined)[]) => all.filter((line) => line).join('\n');
