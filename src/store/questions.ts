import { sql } from 'kysely';
import type { Candidate } from '../domain/contact-match.ts';
import type { Target } from '../domain/target.ts';
import type { Queryable } from './database.ts';
import type { QuestionState } from './tables.ts';

/** Something about who a customer is that the rules cannot decide: a person has to. */
export interface Question {
  id: number;
  customer: number;
  /** Where the candidates are. */
  target: Target;
  /** The one conversation it is about; else all of the customer's. */
  conversation: number | undefined;
  why: string;
  candidates: Candidate[];
  state: QuestionState;
  answer: string | undefined;
  answeredBy: string | undefined;
  askedAt: Date;
  answeredAt: Date | undefined;
}

/** Asks, or brings what is asked already up to date. Returns its id, and whether it is new. */
export async function ask(
  db: Queryable,
  question: Pick<Question, 'customer' | 'target' | 'why' | 'candidates'> & { conversation?: number },
): Promise<{ id: number; isNew: boolean }> {
  const { rows } = await sql<{ id: number; isNew: boolean }>`
    insert into questions (customer, target, conversation, why, candidates)
    values (${question.customer}, ${question.target}, ${question.conversation ?? null}, ${question.why},
      ${JSON.stringify(question.candidates)})
    on conflict (customer, target, coalesce(conversation, 0)) where state = 'open'
      do update set why = excluded.why, candidates = excluded.candidates
    returning id, xmax = 0 as "isNew"`.execute(db);
  return rows[0]!;
}

/** Nothing is left to answer: the link is known, or is to be sought otherwise. */
export async function withdrawQuestions(
  db: Queryable,
  customer: number,
  target: Target,
  conversation?: number,
): Promise<void> {
  await sql`update questions set state = 'withdrawn', answered_at = now()
    where customer = ${customer} and target = ${target} and state = 'open'
      ${conversation === undefined ? sql`` : sql`and conversation = ${conversation}`}`.execute(db);
}

export async function openQuestionCount(db: Queryable): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from questions where state = 'open'`.execute(db);
  return rows[0]!.n;
}

export async function questionById(db: Queryable, id: number): Promise<Question | undefined> {
  const row = await db.selectFrom('questions').selectAll().where('id', '=', id).executeTakeFirst();
  return row && questionOf(row);
}

/** The oldest first: whoever has waited longest. `after`: the id of the last one seen. */
export async function listQuestions(
  db: Queryable,
  filter: { state?: QuestionState | undefined; target?: string | undefined; customer?: number | undefined },
  limit: number,
  after = 0,
): Promise<Question[]> {
  const { state = 'open', target, customer } = filter;
  const rows = await db
    .selectFrom('questions')
    .selectAll()
    .where('state', '=', state)
    .where('id', '>', after)
    .$if(target !== undefined, (query) => query.where('target', '=', target!))
    .$if(customer !== undefined, (query) => query.where('customer', '=', customer!))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(questionOf);
}

function questionOf(row: {
  id: number;
  customer: number;
  target: string;
  conversation: number | null;
  why: string;
  candidates: unknown;
  state: QuestionState;
  answer: string | null;
  answered_by: string | null;
  asked_at: Date;
  answered_at: Date | null;
}): Question {
  return {
    id: row.id,
    customer: row.customer,
    target: row.target as Target,
    conversation: row.conversation ?? undefined,
    why: row.why,
    candidates: row.candidates as Candidate[],
    state: row.state,
    answer: row.answer ?? undefined,
    answeredBy: row.answered_by ?? undefined,
    askedAt: row.asked_at,
    answeredAt: row.answered_at ?? undefined,
  };
}
