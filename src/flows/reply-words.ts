import type { Part } from '../domain/part.ts';
import { shortened } from './quoted-text.ts';

/** Which reply a note to agents is about. */
export const replyInWords = (parts: readonly Part[]): string => `The reply: “${shortened(wordsOf(parts))}”`;

const wordsOf = (parts: readonly Part[]) =>
  parts.map((part) => (part.type === 'text' ? part.text : 'name' in part ? (part.name ?? '') : '')).join(' ');
