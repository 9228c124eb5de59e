import type { FileFate } from '../domain/readable-parts.ts';
import type { FailedMedia, Media } from '../store/media.ts';

/** Reasons that lie in the link itself: nobody should be led there. */
const badLinks = ['forbidden-address', 'bad-address'];

export function fateOf(media: Media): FileFate {
  switch (media.state) {
    case 'waiting':
      return { follows: true };
    case 'stored':
      return { name: media.name, ...(media.warning ? { warning: media.warning } : {}) };
    case 'failed':
      return missing(media);
    case 'expired':
      return { name: media.name };
    default:
      return media satisfies never;
  }
}

export const missing = ({ reason, code }: Pick<FailedMedia, 'reason' | 'code'>): FileFate => ({
  missing: reason.replace(/\.+$/, ''),
  ...(code !== undefined && badLinks.includes(code) ? { unsafeLink: true } : {}),
});

/** What became of a message's files, by position. */
export const fatesOf = (media: ReadonlyMap<number, Media>): Map<number, FileFate> =>
  new Map([...media].map(([position, each]) => [position, fateOf(each)]));
