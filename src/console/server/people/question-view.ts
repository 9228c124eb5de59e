import type { Queryable } from '../../../store/database.ts';
import type { Question } from '../../../store/questions.ts';
import type { QuestionView } from '../../wire/people.ts';

/** Questions with what is known of the customers, so that a person can compare. */
export async function questionViews(db: Queryable, questions: readonly Question[]): Promise<QuestionView[]> {
  const customers = [...new Set(questions.map(({ customer }) => customer))];
  if (customers.length === 0) return [];
  const [known, users] = await Promise.all([
    db.selectFrom('customers').select(['id', 'name', 'email', 'phone']).where('id', 'in', customers).execute(),
    db.selectFrom('identities').select(['customer', 'account']).where('customer', 'in', customers).execute(),
  ]);
  const byId = new Map(known.map((row) => [row.id, row]));
  return questions.map(({ id, customer, target, conversation, why, candidates, askedAt }) => ({
    ...{ id, customer, target, why },
    customerName: byId.get(customer)?.name ?? null,
    conversation: conversation ?? null,
    candidates: candidates.map((each) => ({
      id: each.id,
      object: each.object ?? null,
      name: each.name ?? null,
      email: each.email ?? null,
      url: each.url ?? null,
    })),
    askedAt: askedAt.toISOString(),
    known: {
      email: byId.get(customer)?.email ?? null,
      phone: byId.get(customer)?.phone ?? null,
      accounts: [...new Set(users.filter((user) => user.customer === customer).map(({ account }) => account))],
    },
  }));
}
