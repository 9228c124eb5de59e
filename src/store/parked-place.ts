import { type ParkedPlace, parkedKey } from './parked.ts';

/** A place in the list as a text without meaning to whoever carries it. */
export const placeText = ({ parkedAt, id }: ParkedPlace): string =>
  Buffer.from(`${parkedAt} ${id}`).toString('base64url');

/** Undefined for what no list handed out. */
export function placeFrom(text: string): ParkedPlace | undefined {
  const [, parkedAt = '', id = ''] = /^(\d{1,17}) (.+)$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  return parkedKey(id) ? { parkedAt, id } : undefined;
}
