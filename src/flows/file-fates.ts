import type { FileFate } from '../domain/readable-parts.ts';
import type { StoredMedia } from '../store/media.ts';

export const fateOf = (media: StoredMedia): FileFate =>
  media.state === 'stored' ? { name: media.name } : { missing: media.reason };

/** What became of a message's files, by position, as far as they were copied. */
export const fatesOf = (media: ReadonlyMap<number, StoredMedia>): Map<number, FileFate> =>
  new Map([...media].map(([position, each]) => [position, fateOf(each)]));
