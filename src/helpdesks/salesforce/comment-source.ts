import type { TicketId } from '../../domain/ids.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { AgentFile } from '../called.ts';

/** A comment as its object holds it, whatever that is. */
export interface Entry {
  id: string;
  author: string;
  public: boolean;
  text: string;
  createdAt: Date;
  /** When it, or its being public, last changed. */
  changedAt: Date;
}

/** One kind of object that comments are kept in. */
export interface CommentSource {
  /** The last changed first: at most `most`, of those that come after `last` in this order if given. */
  page(ticket: TicketId, most: number, last?: Entry): Promise<Outcome<Entry[]>>;
  /** The files that these agents' comments name or carry. */
  files(ticket: TicketId, entries: readonly Entry[]): Promise<Outcome<ReadonlyMap<string, AgentFile[]>>>;
  /** A comment's words without what only says which file to send. */
  words(entry: Entry): string;
}

/** The condition for what comes after `last` when the last changed come first; many may have changed in one second. */
export function beyond(last: Entry | undefined): string {
  if (!last) return '';
  const at = last.changedAt.toISOString();
  return ` AND (SystemModstamp < ${at} OR (SystemModstamp = ${at} AND Id < '${last.id}'))`;
}
