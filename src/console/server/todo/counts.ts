import { sql } from 'kysely';
import { endingRules, type PolicyBook } from '../../../domain/policy.ts';
import type { Queryable } from '../../../store/database.ts';
import type { EndingRule, TodoCounts } from '../../wire/todo.ts';

/** Counted from indexes that hold only what waits. */
export async function todoCounts(db: Queryable, rules: readonly EndingRule[]): Promise<TodoCounts> {
  const { rows } = await sql<Omit<TodoCounts, 'rules'>>`
    select (select count(*)::int from deliveries where state = 'parked')
        + (select count(*)::int from events where outcome = 'parked') as parked,
      (select count(*)::int from questions where state = 'open') as questions,
      (select count(*)::int from target_states) as targets`.execute(db);
  return { ...rows[0]!, rules: rules.length };
}

/** Rules of the channels in use that end within sixty days, the first to end first. */
export function rulesEnding(policy: PolicyBook, used: ReadonlySet<string>, now: Date): EndingRule[] {
  return endingRules(policy, now)
    .filter(({ channel }) => used.has(channel))
    .sort((a, b) => a.days - b.days)
    .map(({ channel, rule, days }) => ({
      ...{ channel, days, id: rule.id, rule: rule.rule, source: rule.source },
      note: rule.note ?? null,
      ends: rule.validTo!.toISOString(),
    }));
}
