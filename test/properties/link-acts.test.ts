import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ContactId } from '../../src/domain/ids.ts';
import { crmTarget } from '../../src/domain/target.ts';
import { answerQuestion } from '../../src/flows/answer-question.ts';
import { cutLink } from '../../src/flows/cut-link.ts';
import { joinCustomers } from '../../src/flows/join-customers.ts';
import type { Acted } from '../../src/flows/link-act.ts';
import type { Operations } from '../../src/flows/operations.ts';
import { undoAct } from '../../src/flows/undo-act.ts';
import { saveContactLink } from '../../src/store/contacts.ts';
import { beginConversation } from '../../src/store/conversations.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { learnFacts } from '../../src/store/facts.ts';
import { ask, listQuestions } from '../../src/store/questions.ts';
import { freshDatabase } from '../support/database.ts';
import { holds } from '../support/kept-seeds.ts';

const crm = 'acme-salesforce';
const candidates = ['003A', '003B'].map((id) => ({ id, object: 'Contact' as const }));
const account = { id: 'acme-page', kind: 'messenger', crm };

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let operations: Operations;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase(database.url, 3);
  const accounts = new Map([[account.id, { account }]]) as unknown as Operations['accounts'];
  operations = { db, queue: { wake: async () => {} }, accounts };
});
afterAll(async () => {
  await db?.destroy();
  await database?.drop();
});

let people = 0;

/** Four customers: two with a contact, one with none, one who could be several. */
async function newPeople(): Promise<number[]> {
  const customers: number[] = [];
  for (let n = 0; n < 4; n++) {
    const user = String(++people);
    const conversation = await db.transaction().execute((tx) => beginConversation(tx, account.id, user));
    customers.push(conversation.customer.id);
    await db
      .updateTable('customers')
      .set({ name: `Person ${n}` })
      .where('id', '=', conversation.customer.id)
      .execute();
    const email = { kind: 'email', value: `p${n % 2}@example.com`, evidence: 'stated', by: 'customer' } as const;
    await learnFacts(db, conversation.customer.id, [email], {
      account: account.id,
      platformUser: user,
      at: new Date(),
    });
  }
  const [a, b, c, d] = customers as [number, number, number, number];
  const linked = (id: string) =>
    ({ state: 'linked', contact: { id: id as ContactId, object: 'Contact' }, evidence: 'matched by email' }) as const;
  await saveContactLink(db, a, crm, linked('003A'));
  await saveContactLink(db, b, crm, linked('003B'));
  await saveContactLink(db, c, crm, { state: 'none', evidence: 'no contact matched' });
  await saveContactLink(db, d, crm, { state: 'ambiguous', candidates, evidence: 'several' });
  await ask(db, { customer: d, target: crmTarget(crm), why: 'several', candidates });
  return customers;
}

/** Everything that says who is who, of these customers. */
async function whoIsWho(customers: readonly number[]): Promise<unknown> {
  const of = (table: string, columns: string, customer = 'customer') => sql`
    select ${sql.raw(columns)} from ${sql.table(table)} where ${sql.raw(customer)} = any(${[...customers]}::bigint[])
    order by 1`;
  const rows = await Promise.all([
    of('identities', 'id, customer').execute(db),
    of('conversations', 'id, customer, person').execute(db),
    of('customers', 'id, name, email, phone, joined_with', 'id').execute(db),
    of('contact_links', 'customer, crm, state, contact, evidence, decided, by_whom, candidates').execute(db),
    of('facts', 'id, customer, withdrawn_at is null as stands').execute(db),
    sql`select id, customer, state from questions where customer = any(${[...customers]}::bigint[]) and state = 'open'
      order by 1`.execute(db),
  ]);
  return rows.map(({ rows: found }) => found);
}

type Step = { what: 'join' | 'cut' | 'choose' | 'none'; who: number; with: number } | { what: 'undo'; which: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    what: fc.constantFrom('join' as const, 'cut' as const, 'choose' as const, 'none' as const),
    who: fc.nat({ max: 3 }),
    with: fc.nat({ max: 3 }),
  }),
  fc.record({ what: fc.constant('undo' as const), which: fc.nat({ max: 20 }) }),
);

const doer = { who: 'cli:test', now: new Date() };

async function take(given: Step, customers: readonly number[], acts: readonly number[]): Promise<Acted | undefined> {
  if (given.what === 'undo')
    return acts.length > 0 ? undoAct(operations, acts[given.which % acts.length]!, doer) : undefined;
  const customer = customers[given.who]!;
  if (given.what === 'join') return joinCustomers(operations, { keep: customer, gone: customers[given.with]! }, doer);
  if (given.what === 'cut') {
    const to = given.with === 0 ? undefined : { id: `003${given.with}`, object: 'Contact' as const };
    return cutLink(operations, { customer, crm, to }, doer);
  }
  const [question] = await listQuestions(db, { customer }, 1);
  const chosen = { chosen: candidates[given.with % 2]!.id, other: true };
  return question && answerQuestion(operations, question.id, given.what === 'choose' ? chosen : 'none', doer);
}

const inForce = async (acts: readonly number[]): Promise<number[]> =>
  acts.length === 0
    ? []
    : (
        await db
          .selectFrom('link_acts')
          .select('id')
          .where('id', 'in', [...acts])
          .where('undone_by', 'is', null)
          .where('what', '<>', 'undo')
          .execute()
      ).map(({ id }) => id);

test('whatever is joined, cut, chosen and undone, in whatever order: undoing what is left restores who is who', async () => {
  let refused = 0;
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 1, maxLength: 14 }),
    fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
    async (steps, order) => {
      const customers = await newPeople();
      const before = await whoIsWho(customers);
      const acts: number[] = [];
      for (const each of steps) {
        const stood = await whoIsWho(customers);
        const acted = await take(each, customers, acts);
        if (acted && 'act' in acted) acts.push(acted.act);
        else expect(await whoIsWho(customers)).toEqual(stood);
        if (acted && 'refused' in acted) refused++;
      }
      // In any order: what is refused because something later rests on it comes round again.
      for (let round = 0; ; round++) {
        const left = await inForce(acts);
        if (left.length === 0) break;
        expect(round).toBeLessThan(300);
        await undoAct(operations, left[(order[round % order.length] ?? 0) % left.length]!, doer);
      }
      expect(await whoIsWho(customers)).toEqual(before);
    },
  );
  await holds('undoing all acts restores who is who', property, 25);
  expect(refused).toBeGreaterThan(0);
}, 120_000);

test('an undoing can be undone, as often as one likes', async () => {
  const customers = await newPeople();
  const [keep, gone] = customers as [number, number];
  const states = [await whoIsWho(customers)];
  const actOf = (acted: Acted | undefined): number => {
    if (!acted || !('act' in acted)) throw new Error(`refused: ${JSON.stringify(acted)}`);
    return acted.act;
  };
  let act = actOf(await joinCustomers(operations, { keep, gone }, doer));
  states.push(await whoIsWho(customers));
  for (let n = 0; n < 4; n++) {
    act = actOf(await undoAct(operations, act, doer));
    expect(await whoIsWho(customers)).toEqual(states[n % 2]);
  }
});

test('a joining that comes into force again finds the same fact there meanwhile: it stands once, and all can be undone', async () => {
  const customers = await newPeople();
  const before = await whoIsWho(customers);
  const [a, b, c] = customers as [number, number, number];
  const actOf = (acted: Acted | undefined): number => (acted as { act: number }).act;
  const first = actOf(await joinCustomers(operations, { keep: b, gone: a }, doer));
  const undone = actOf(await undoAct(operations, first, doer));
  const second = actOf(await joinCustomers(operations, { keep: b, gone: c }, doer));
  const again = actOf(await undoAct(operations, undone, doer));
  const standing = db.selectFrom('facts').select('id').where('customer', '=', b).where('withdrawn_at', 'is', null);
  expect(await standing.where('value', '=', 'p0@example.com').execute()).toHaveLength(1);
  for (const act of [again, second]) expect(await undoAct(operations, act, doer)).toHaveProperty('act');
  expect(await whoIsWho(customers)).toEqual(before);
});

test('two who decide at once: one is first, the other is told', async () => {
  const customers = await newPeople();
  const [question] = await listQuestions(db, { customer: customers[3] }, 1);
  const answers = await Promise.all(
    candidates.map(({ id }) => answerQuestion(operations, question!.id, { chosen: id, other: false }, doer)),
  );
  expect(answers.filter((acted) => acted && 'act' in acted)).toHaveLength(1);
  expect(answers.filter((acted) => acted && 'refused' in acted)).toHaveLength(1);
});
