import { type RawBuilder, sql } from 'kysely';

/**
 * What was searched for as a query of words, each of which may go on: `ann ber` finds “Anna Berg”. Undefined when it holds no
 * letter and no digit.
 */
export function wordsQuery(text: string): RawBuilder<unknown> | undefined {
  const words = text.match(/[\p{L}\p{N}]+/gu)?.slice(0, 10);
  return words && sql`to_tsquery('simple', ${words.map((word) => `${word}:*`).join(' & ')})`;
}

/** As the index `customers_words` has it. */
export const wordsOfName = (table: string): RawBuilder<unknown> =>
  sql`to_tsvector('simple'::regconfig, coalesce(${sql.ref(`${table}.name`)}, ''))`;

/** As the index `messages_words` has it; holds for messages of the kind `said`. */
export const wordsOfMessage = (table: string): RawBuilder<unknown> =>
  sql`to_tsvector('simple'::regconfig, jsonb_path_query_array(${sql.ref(`${table}.parts`)}, '$[*].text'))`;

/** What begins with the text, for `like`. */
export const prefix = (text: string): string => `${text.replace(/[\\%_]/g, '\\$&')}%`;
