import type { Part } from '../domain/part.ts';
import { shortened } from './quoted-text.ts';

/** The beginning of a reply, so that its agent knows which one a note speaks of. */
export const wordsOf = (parts: readonly Part[]): string =>
  shortened(
    parts.map((part) => (part.type === 'text' ? part.text : 'name' in part ? (part.name ?? '') : '')).join(' '),
  );
