import { type RawBuilder, sql } from 'kysely';
import { factKinds, keptFact } from '../domain/fact.ts';
import type { Queryable, Tx } from './database.ts';
import type { Belongings } from './erase-rows.ts';
import { personDigest } from './erased-users.ts';

/**
 * What proves that somebody who is being forgotten once agreed, or took it back: kept under a keyed hash of each of their
 * addresses, without anything else of theirs. Words in which one of these stands are left out.
 */
export async function keepConsentProofs(tx: Tx, { customers, facts, users }: Belongings): Promise<void> {
  const subjects = [
    ...facts.map(({ kind, compared }) => `${kind}:${compared}`),
    ...users.map(({ name }) => `user:${name}`),
  ];
  const names = [...facts.map(({ compared }) => compared), ...users.map(({ name }) => name)];
  await sql`insert into consent_proofs (subjects, channel, purpose, act, source, words, at)
    select (select coalesce(array_agg(${personDigest(sql<string>`s`)}), '{}') from unnest(${subjects}::text[]) s),
      channel, purpose, act, source,
      case when not exists (
        select 1 from unnest(${names}::text[]) n where position(lower(n) in lower(words)) > 0) then words end, at
    from consents where customer = any(${customers}::bigint[]) order by at, id`.execute(tx);
}

export interface KeptProof {
  channel: string;
  purpose: string;
  act: string;
  source: string;
  words: string | null;
  at: Date;
}

/** What is kept of somebody who was forgotten and names themselves: by e-mail, phone, shop's id or platform user. */
export async function proofsOf(db: Queryable, word: string): Promise<KeptProof[]> {
  const named = factKinds.flatMap((kind) => {
    const kept = keptFact(kind, word);
    return kept ? [`${kind}:${kept.compared}`] : [];
  });
  const digests: RawBuilder<unknown> = sql`(
    select array_agg(${personDigest(sql<string>`s`)}) from unnest(${[...named, `user:${word}`]}::text[]) s)`;
  const { rows } = await sql<KeptProof>`select channel, purpose, act, source, words, at from consent_proofs
    where subjects && ${digests} order by at, id`.execute(db);
  return rows;
}
