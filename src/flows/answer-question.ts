import { type ContactObject, contactObjects } from '../domain/contact-match.ts';
import type { ContactId } from '../domain/ids.ts';
import { crmTarget } from '../domain/target.ts';
import { columnsOf } from '../store/contacts.ts';
import { type Question, questionById } from '../store/questions.ts';
import { type Acted, type Doer, type Draft, performAct } from './link-act.ts';
import type { Operations } from './operations.ts';

/** What a person answers: this record, which may be none of the candidates only if they say so; or none of them. */
export type Answer = { chosen: string; object?: ContactObject | undefined; other: boolean } | 'none';

/** Answers a question. From then on the link holds until a person undoes it. */
export async function answerQuestion(
  operations: Operations,
  id: number,
  answer: Answer,
  doer: Doer,
): Promise<Acted | undefined> {
  const asked = await questionById(operations.db, id);
  if (!asked) return undefined;
  return performAct(operations, doer, [asked.customer], async (draft) => {
    const question = (await questionById(draft.tx, id))!;
    if (question.state !== 'open') return { refused: `question ${id} is ${question.state} already` };
    if (answer === 'none') return answerNone(draft, question, doer);
    const candidate = question.candidates.find((each) => each.id === answer.chosen);
    if (!candidate && !answer.other)
      return { refused: `${answer.chosen} is none of the candidates; say that it is another one if you mean it` };
    await answered(draft, question, answer.chosen, doer);
    if (question.target.startsWith('helpdesk:')) await usePerson(draft, question, answer.chosen);
    else await useContact(draft, question, { ...candidate, id: answer.chosen }, answer.object, doer);
    return planOf(question, 'choose', { question: id, chosen: answer.chosen });
  });
}

const planOf = ({ customer, target }: Question, what: 'choose' | 'none', detail: Record<string, unknown>) => ({
  what,
  customer,
  target,
  detail,
});

const answered = (draft: Draft, { id }: Question, answer: string, { who, now }: Doer) =>
  draft.set('questions', id, { state: 'answered', answer, answered_by: who, answered_at: now.toISOString() });

const isObject = (name: string | undefined): name is ContactObject => contactObjects.some((each) => each === name);

async function useContact(
  draft: Draft,
  { customer, target }: Question,
  candidate: Question['candidates'][number],
  object: ContactObject | undefined,
  doer: Doer,
): Promise<void> {
  const known = isObject(candidate.object) ? candidate.object : undefined;
  const { id, name, url } = candidate;
  await draft.set(
    'contact_links',
    `${customer}:${crmOf(target)}`,
    linkRow(customer, crmOf(target), {
      id: id as ContactId,
      object: object ?? known ?? 'Contact',
      ...(name ? { name } : {}),
      ...(url ? { url } : {}),
      doer,
    }),
  );
}

/** The row of a link that a person decided. */
export function linkRow(
  customer: number,
  crm: string,
  contact: { id: ContactId; object: ContactObject; name?: string; url?: string; doer: Doer },
): Record<string, unknown> {
  const { doer, ...linked } = contact;
  const link = {
    state: 'linked' as const,
    contact: linked,
    evidence: `chosen by ${doer.who}${doer.why ? `: ${doer.why}` : ''}`,
    strength: 'admin' as const,
    decided: true,
    by: doer.who,
  };
  return { customer, crm, ...columnsOf(link), candidates: [], linked_at: doer.now.toISOString() };
}

const crmOf = (target: string): string => target.slice(crmTarget('').length);

/** The candidates are refused: matching goes on without them, and makes a contact of their own if the mapping wants that. */
async function answerNone(draft: Draft, question: Question, doer: Doer) {
  await answered(draft, question, 'none', doer);
  if (question.target.startsWith('crm:')) {
    const crm = crmOf(question.target);
    const key = `${question.customer}:${crm}`;
    const before = await draft.get('contact_links', key);
    const refused = [...refusedIn(before), ...question.candidates];
    const link = {
      state: 'none' as const,
      refused,
      evidence: `none of the candidates, said ${doer.who}`,
      by: doer.who,
    };
    await draft.put('contact_links', key, {
      customer: question.customer,
      crm,
      ...columnsOf(link),
      candidates: refused,
    });
  }
  const tellAnyway = 'None of the contacts that could be this customer is them.';
  return { ...planOf(question, 'none', { question: question.id }), tellAnyway };
}

const refusedIn = (row: Record<string, unknown> | null): Question['candidates'] =>
  row?.['state'] === 'none' ? (row['candidates'] as Question['candidates']) : [];

const usePerson = (draft: Draft, { conversation }: Question, person: string) =>
  conversation === undefined
    ? Promise.resolve()
    : draft.set('conversations', conversation, { person, person_evidence: 'admin' });
