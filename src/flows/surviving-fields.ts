import { sql } from 'kysely';
import type { FieldRule, FieldRules } from '../domain/mapping.ts';
import type { Queryable } from '../store/database.ts';

export type { FieldRules } from '../domain/mapping.ts';

const columns = {
  name: ['name', 'first_name', 'last_name'],
  locale: ['locale'],
  pictureUrl: ['picture_url'],
} as const;

/**
 * Of two customers who are one, which name, language and picture remain: those of the one who stays, those of whoever wrote
 * last, or those of whoever is known longer. What the chosen one has not the other gives. E-mail and phone go by their
 * evidence.
 */
export async function survivingFields(
  db: Queryable,
  keep: number,
  gone: number,
  rules: FieldRules,
): Promise<Record<string, unknown>> {
  const { rows } = await sql<Record<string, unknown> & { id: number; wrote: Date | null; since: Date }>`
    select u.*, u.created_at as since,
      (select max(c.last_customer_at) from conversations c where c.customer = u.id) as wrote
    from customers u where u.id in (${keep}, ${gone})`.execute(db);
  const [a, b] = [keep, gone].map((id) => rows.find((row) => row.id === id)!);
  const firstBy: Record<FieldRule, boolean> = {
    kept: true,
    newer: (a!.wrote?.getTime() ?? 0) >= (b!.wrote?.getTime() ?? 0),
    older: a!.since.getTime() <= b!.since.getTime(),
  };
  return Object.fromEntries(
    Object.entries(columns).flatMap(([field, group]) => {
      const first = firstBy[rules[field as keyof FieldRules] ?? 'newer'];
      const [one, other] = first ? [a!, b!] : [b!, a!];
      const whose = group.some((column) => one[column] !== null) ? one : other;
      return group.map((column) => [column, whose[column]]);
    }),
  );
}
