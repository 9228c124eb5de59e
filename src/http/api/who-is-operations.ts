import { z } from 'zod';
import { answerQuestion } from '../../flows/answer-question.ts';
import { cut } from '../../flows/cut.ts';
import { joinCustomers } from '../../flows/join-customers.ts';
import type { Acted } from '../../flows/link-act.ts';
import type { Operations } from '../../flows/operations.ts';
import { undoAct } from '../../flows/undo-act.ts';
import { listQuestions, questionById } from '../../store/questions.ts';
import { customersMeant, type WhoIs, whoIs } from '../../store/who-is.ts';
import { type ApiAnswer, type Operation, operation } from './operation.ts';
import {
  actedAnswer,
  actParams,
  chooseBody,
  customerParams,
  customersAnswer,
  customersQuery,
  cutBody,
  joinBody,
  noneBody,
  question,
  questionParams,
  questionsAnswer,
  questionsQuery,
  undoBody,
  whoIsAnswer,
} from './who-is-schemas.ts';

const none = z.object({});
const noQuestion = { status: 404, detail: 'there is no question of this number' } as const;
const noCustomer = { status: 404, detail: 'there is no such customer, or they were joined with another' } as const;

/** Who customers are at the CRM and the helpdesk: the same as `passerelle links`. */
export const whoIsOperations = (operations: Operations): Operation[] => [
  ...questionOperations(operations),
  ...customerOperations(operations),
];

const questionOperations = (operations: Operations): Operation[] => [
  operation({
    method: 'get',
    path: '/v1/questions',
    id: 'listQuestions',
    summary: 'Customers who could be several records',
    description: 'What the rules of the mapping cannot decide waits here for a person. The oldest first.',
    scope: 'customers:read',
    params: none,
    query: questionsQuery,
    body: undefined,
    answer: questionsAnswer,
    handle: async ({ query }) => {
      const items = await listQuestions(operations.db, query, query.limit, query.after);
      const last = items.length === query.limit ? items.at(-1) : undefined;
      return { status: 200, body: { items, ...(last ? { next: last.id } : {}) } };
    },
  }),
  operation({
    method: 'get',
    path: '/v1/questions/{id}',
    id: 'showQuestion',
    summary: 'One question',
    description: 'The candidates, and the answer if there is one.',
    scope: 'customers:read',
    params: questionParams,
    query: none,
    body: undefined,
    answer: question,
    handle: async ({ params }) => {
      const found = await questionById(operations.db, params.id);
      return found ? { status: 200, body: found } : noQuestion;
    },
  }),
  operation({
    method: 'post',
    path: '/v1/questions/{id}/choose',
    id: 'chooseCandidate',
    summary: 'This record is the customer',
    description: 'History and tickets follow by themselves.',
    scope: 'customers:write',
    params: questionParams,
    query: none,
    body: chooseBody,
    answer: actedAnswer,
    handle: async ({ params, body, who, now }) => {
      const { record, object, other, why } = body;
      const answer = { chosen: record, object, other };
      return acted(await answerQuestion(operations, params.id, answer, { who, why, now }), noQuestion);
    },
  }),
  operation({
    method: 'post',
    path: '/v1/questions/{id}/none',
    id: 'chooseNone',
    summary: 'The customer is none of the candidates',
    description: 'A contact of their own is made if the mapping says so.',
    scope: 'customers:write',
    params: questionParams,
    query: none,
    body: noneBody,
    answer: actedAnswer,
    handle: async ({ params, body, who, now }) =>
      acted(await answerQuestion(operations, params.id, 'none', { who, why: body.why, now }), noQuestion),
  }),
];

const customerOperations = (operations: Operations): Operation[] => [
  operation({
    method: 'get',
    path: '/v1/customers',
    id: 'findCustomers',
    summary: 'Who is meant',
    description: 'By conversation, ticket, contact or platform user; at most twenty.',
    scope: 'customers:read',
    params: none,
    query: customersQuery,
    body: undefined,
    answer: customersAnswer,
    handle: async ({ query }) => {
      const customers = (await customersMeant(operations.db, query.meant)) ?? [];
      const found = await Promise.all(customers.map((customer) => whoIs(operations.db, customer)));
      return { status: 200, body: { items: found.flatMap((each) => (each ? [shown(each)] : [])) } };
    },
  }),
  operation({
    method: 'get',
    path: '/v1/customers/{customer}',
    id: 'showCustomer',
    summary: 'Who a customer is, and how that is known',
    description:
      'Their platform users, what is known of them, their contacts, open questions, and what people decided.',
    scope: 'customers:read',
    params: customerParams,
    query: none,
    body: undefined,
    answer: whoIsAnswer,
    handle: async ({ params }) => {
      const found = await whoIs(operations.db, params.customer);
      return found ? { status: 200, body: shown(found) } : noCustomer;
    },
  }),
  operation({
    method: 'post',
    path: '/v1/customers/{customer}/cut',
    id: 'cutLink',
    summary: 'A link to a contact is wrong',
    description: 'What was said is taken out of that contact’s history, or moved to the right one; tickets get a note.',
    scope: 'customers:write',
    params: customerParams,
    query: none,
    body: cutBody,
    answer: actedAnswer,
    handle: async ({ params: { customer }, body: { at, to, object, why }, who, now }) => {
      const right = to === undefined ? undefined : { id: to, object };
      return acted(await cut(operations, { customer, at, to: right }, { who, why, now }), noCustomer);
    },
  }),
  operation({
    method: 'post',
    path: '/v1/customers/{customer}/join',
    id: 'joinCustomers',
    summary: 'Two customers are one person',
    description: 'The other becomes part of this one. Where both are different contacts, a question is asked.',
    scope: 'customers:write',
    params: customerParams,
    query: none,
    body: joinBody,
    answer: actedAnswer,
    handle: async ({ params, body: { other, why }, who, now }) =>
      acted(await joinCustomers(operations, { keep: params.customer, gone: other }, { who, why, now }), noCustomer),
  }),
  operation({
    method: 'post',
    path: '/v1/link-acts/{id}/undo',
    id: 'undoAct',
    summary: 'Undo what was decided',
    description:
      'Who is who becomes as it was before the act, at the CRM and on tickets too. The undoing is an act, and can itself be undone.',
    scope: 'customers:write',
    params: actParams,
    query: none,
    body: undoBody,
    answer: actedAnswer,
    handle: async ({ params, body, who, now }) =>
      acted(await undoAct(operations, params.id, { who, why: body.why, now }), {
        status: 404,
        detail: 'there is no act of this number',
      }),
  }),
];

function acted(done: Acted | undefined, unknown: ApiAnswer): ApiAnswer {
  if (!done) return unknown;
  return 'act' in done ? { status: 200, body: done } : { status: 409, detail: done.refused };
}

const shown = ({ facts, links, acts, ...rest }: WhoIs) => ({
  ...rest,
  facts: facts.map(({ kind, value, evidence, by, at, withdrawn }) => ({
    kind,
    value,
    evidence,
    by,
    at,
    withdrawn: withdrawn !== undefined,
  })),
  links: links.map(({ crm, link }) => ({
    crm,
    state: link.state,
    ...(link.state === 'linked' ? { contact: link.contact } : {}),
    evidence: link.evidence,
    ...(link.strength ? { strength: link.strength } : {}),
    decided: link.decided ?? false,
    by: link.by ?? 'rule',
    ...(link.linkedAt ? { since: link.linkedAt } : {}),
  })),
  acts: acts.map(({ changes: _, detail: __, place: ___, ...act }) => act),
});
