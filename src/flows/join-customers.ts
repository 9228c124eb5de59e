import { isEnough } from '../domain/evidence.ts';
import { crmTarget } from '../domain/target.ts';
import { joinConsents } from '../store/consents.ts';
import { type ContactLink, columnsOf, contactLinks, type KeptLink } from '../store/contacts.ts';
import { rowsOfCustomer } from '../store/customer-rows.ts';
import type { Tx } from '../store/database.ts';
import { showStrongest } from '../store/facts.ts';
import { customerExists } from '../store/joined-customers.ts';
import { ask, listQuestions } from '../store/questions.ts';
import { type Acted, type ActPlan, type Doer, type Draft, performAct } from './link-act.ts';
import type { Operations } from './operations.ts';
import { type FieldRules, survivingFields } from './surviving-fields.ts';

/**
 * Two customers were found to be one: `gone` becomes part of `keep`. Platform users, conversations and facts go over; of
 * fields and links those survive that the rules name. Where both are different contacts a person is asked. Undefined: one of
 * them is unknown, or was joined with somebody already.
 */
export async function joinCustomers(
  operations: Operations,
  { keep, gone }: { keep: number; gone: number },
  doer: Doer,
): Promise<Acted | undefined> {
  const { db } = operations;
  if (!(await customerExists(db, keep)) || !(await customerExists(db, gone))) return undefined;
  return performAct(operations, doer, [keep, gone], async (draft) => {
    if (keep === gone) return { refused: 'a customer cannot be joined with themselves' };
    if (!(await customerExists(draft.tx, keep)) || !(await customerExists(draft.tx, gone)))
      return { refused: 'one of the two was joined with somebody meanwhile' };
    return joinInto(draft, { keep, gone, rules: operations.joinedFields?.() ?? {} }, doer);
  });
}

/** All that is `gone`'s becomes `keep`'s, row by row, so that it can be undone. */
export async function joinInto(
  draft: Draft,
  { keep, gone, rules }: { keep: number; gone: number; rules: FieldRules },
  doer: Doer,
): Promise<ActPlan> {
  await joinFields(draft, keep, gone, rules);
  await joinFacts(draft, keep, gone);
  for (const table of ['identities', 'conversations'] as const)
    for (const id of await rowsOfCustomer(draft.tx, table, gone)) await draft.set(table, id, { customer: keep });
  await joinQuestions(draft, keep, gone);
  await joinLinks(draft, keep, gone, doer);
  await draft.set('customers', gone, { joined_with: keep });
  const afterwards = (tx: Tx, act: number) => joinConsents(tx, { keep, gone, act, at: doer.now });
  return { what: 'join', customer: keep, detail: { joined: gone }, afterwards };
}

async function joinFields(draft: Draft, keep: number, gone: number, rules: FieldRules): Promise<void> {
  await draft.set('customers', keep, await survivingFields(draft.tx, keep, gone, rules));
}

async function joinFacts(draft: Draft, keep: number, gone: number): Promise<void> {
  for (const id of await rowsOfCustomer(draft.tx, 'facts', gone)) await draft.set('facts', id, { customer: keep });
  // Through the draft, so that it is undone with the rest.
  const before = await draft.get('customers', keep);
  await showStrongest(draft.tx, keep);
  const [shown] = await draft.tx.selectFrom('customers').select(['email', 'phone']).where('id', '=', keep).execute();
  await draft.set('customers', keep, { ...before, email: shown?.email ?? null, phone: shown?.phone ?? null });
}

async function joinQuestions(draft: Draft, keep: number, gone: number): Promise<void> {
  for (const question of await listQuestions(draft.tx, { customer: gone }, 100)) {
    const same = (await listQuestions(draft.tx, { customer: keep, target: question.target }, 10)).some(
      ({ conversation }) => conversation === question.conversation,
    );
    await draft.set('questions', question.id, same ? { state: 'withdrawn' } : { customer: keep });
  }
}

async function joinLinks(draft: Draft, keep: number, gone: number, doer: Doer): Promise<void> {
  const kept = await contactLinks(draft.tx, keep);
  for (const [crm, link] of await contactLinks(draft.tx, gone)) {
    const joined = joinedLink(kept.get(crm), link);
    await draft.put('contact_links', `${gone}:${crm}`, null);
    if (joined !== kept.get(crm))
      await draft.put('contact_links', `${keep}:${crm}`, {
        customer: keep,
        crm,
        ...columnsOf(joined),
        candidates: joined.state === 'ambiguous' ? joined.candidates : joined.state === 'none' ? joined.refused : [],
      });
    if (joined.state === 'ambiguous' && isConflict(kept.get(crm), link)) await askWhich(draft, keep, crm, joined, doer);
  }
}

const isConflict = (a: ContactLink | undefined, b: ContactLink): boolean =>
  a?.state === 'linked' && b.state === 'linked';

/** A contact comes before none; what a person decided before what a rule found; two contacts are a question. */
function joinedLink(a: KeptLink | undefined, b: KeptLink): ContactLink {
  if (!a) return b;
  if (a.state === 'linked' && b.state === 'linked') {
    if (a.contact.id === b.contact.id) return isEnough(a.strength ?? 'stated', b.strength ?? 'stated') ? a : b;
    const candidates = [a, b].flatMap((link) => (link.state === 'linked' ? [link.contact] : []));
    return { state: 'ambiguous', candidates, evidence: 'two customers who were joined are different contacts' };
  }
  if (a.state === 'linked' || b.state === 'linked') return a.state === 'linked' ? a : b;
  if (b.decided && !a.decided) return b;
  return a.state === 'none' && b.state === 'ambiguous' && !a.decided ? b : a;
}

/** Asked outside the draft as withdrawn, then opened in it: undone, nothing is left to answer. */
async function askWhich(
  draft: Draft,
  customer: number,
  crm: string,
  link: ContactLink & { state: 'ambiguous' },
  { now }: Doer,
): Promise<void> {
  const target = crmTarget(crm);
  const { id, isNew } = await ask(draft.tx, { customer, target, why: link.evidence, candidates: link.candidates });
  if (!isNew) return;
  await draft.tx.updateTable('questions').set({ state: 'withdrawn', answered_at: now }).where('id', '=', id).execute();
  await draft.set('questions', id, { state: 'open', answered_at: null });
}
