import { z } from 'zod';
import { contactObjects } from '../../../domain/contact-match.ts';
import { answerQuestion } from '../../../flows/answer-question.ts';
import { cut } from '../../../flows/cut.ts';
import { joinCustomers } from '../../../flows/join-customers.ts';
import type { Acted } from '../../../flows/link-act.ts';
import { undoAct } from '../../../flows/undo-act.ts';
import { type Answer, type Endpoint, endpoint, fine, missing } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';

const number = z.coerce.number().int().positive().max(1e15);
const params = z.object({ id: number });
const why = z.string().trim().max(500).optional();
const record = z.string().trim().min(1).max(200);
const object = z.enum(contactObjects);

/** What people decide about who is who; each can be undone. */
export const actEndpoints = ({ operations }: Pick<ConsoleParts, 'operations'>): Endpoint[] => [
  endpoint({
    method: 'post',
    path: '/people/:id/cut',
    may: 'people.write',
    params,
    body: z.strictObject({
      at: z.string().min(1).max(64),
      to: record.optional(),
      object: object.default('Contact'),
      why: z.string().trim().min(1).max(500),
    }),
    handle: async ({ params: { id }, body: { at, to, object: kind, why: reason }, who, now }) => {
      const right = to === undefined ? undefined : { id: to, object: kind };
      return acted(await cut(operations, { customer: id, at, to: right }, { who, why: reason, now }), 'customer');
    },
  }),
  endpoint({
    method: 'post',
    path: '/people/:id/join',
    may: 'people.write',
    params,
    body: z.strictObject({ other: number, why }),
    handle: async ({ params: { id }, body: { other, why: reason }, who, now }) =>
      acted(await joinCustomers(operations, { keep: id, gone: other }, { who, why: reason, now }), 'customer'),
  }),
  endpoint({
    method: 'post',
    path: '/link-acts/:id/undo',
    may: 'people.write',
    params,
    body: z.strictObject({ why }),
    handle: async ({ params: { id }, body, who, now }) =>
      acted(await undoAct(operations, id, { who, why: body.why, now }), 'act'),
  }),
  endpoint({
    method: 'post',
    path: '/questions/:id/choose',
    may: 'people.write',
    params,
    body: z.strictObject({ record, object: object.optional(), other: z.boolean().default(false), why }),
    handle: async ({ params: { id }, body, who, now }) => {
      const answer = { chosen: body.record, object: body.object, other: body.other };
      return acted(await answerQuestion(operations, id, answer, { who, why: body.why, now }), 'question');
    },
  }),
  endpoint({
    method: 'post',
    path: '/questions/:id/none',
    may: 'people.write',
    params,
    body: z.strictObject({ why }),
    handle: async ({ params: { id }, body, who, now }) =>
      acted(await answerQuestion(operations, id, 'none', { who, why: body.why, now }), 'question'),
  }),
];

function acted(done: Acted | undefined, what: string): Answer {
  if (!done) return missing(what);
  return 'act' in done ? fine(done) : { status: 409, detail: done.refused };
}
