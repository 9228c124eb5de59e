import { z } from 'zod';
import { contactObjects } from '../../domain/contact-match.ts';

const number = z.coerce.number().int().min(1).max(1e15);
const why = z.string().trim().min(1).max(500).describe('kept beside it, and told on the tickets');
const object = z.enum(contactObjects).describe('what kind of record it is');
const record = z.string().min(1).max(200).describe('the id of a record, as its CRM or helpdesk names it');
const moment = z.iso.datetime({ offset: true });
const state = z.enum(['open', 'answered', 'withdrawn']);

export const questionParams = z.object({ id: number.describe('as the list tells it') });
export const customerParams = z.object({
  customer: number.describe('as a question tells it, or the list of customers'),
});
export const actParams = z.object({ id: number.describe('as the act was answered, or a customer tells it') });

export const questionsQuery = z.strictObject({
  state: state.default('open'),
  target: z.string().max(200).optional().describe('only for this target, such as `crm:acme-salesforce`'),
  customer: number.optional().describe('only of this customer'),
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('how many at most'),
  after: number.optional().describe('`next` of the last answer'),
});

const candidate = z.object({
  id: z.string(),
  object: z.string().optional().describe('`Contact`, `Lead`, `PersonAccount`, or `User` of the helpdesk'),
  name: z.string().optional(),
  email: z.string().optional().describe('masked'),
  url: z.string().optional().describe('where people open it'),
});

export const question = z.object({
  id: z.int(),
  customer: z.int(),
  target: z.string(),
  conversation: z.int().optional().describe('the one conversation it is about; else all of the customer’s'),
  why: z.string(),
  candidates: z.array(candidate),
  state,
  answer: z.string().optional().describe('the id of the record that was chosen, or `none`'),
  answeredBy: z.string().optional(),
  askedAt: moment,
  answeredAt: moment.optional(),
});

export const questionsAnswer = z.object({
  items: z.array(question),
  next: z.int().optional().describe('ask for those after it; absent at the end'),
});

export const chooseBody = z.strictObject({
  record,
  other: z.boolean().default(false).describe('the record is none of the candidates, and meant all the same'),
  object: object.optional(),
  why: why.optional(),
});

export const noneBody = z.strictObject({ why: why.optional() }).prefault({});
export const undoBody = z.strictObject({ why: why.optional() }).prefault({});

export const cutBody = z.strictObject({
  at: z.string().min(1).max(64).describe('the id of the CRM account, or of the helpdesk account'),
  to: record.optional().describe('the right record; without it the customer has none until somebody says'),
  object: object.default('Contact'),
  why,
});

export const joinBody = z.strictObject({
  other: number.describe('the customer who becomes part of this one'),
  why: why.optional(),
});

export const actedAnswer = z.object({
  act: z.int().describe('to undo it by'),
  corrected: z.int().describe('tickets whose history and notes follow'),
});

export const customersQuery = z.strictObject({
  meant: z
    .string()
    .regex(
      /^(conversation:\d{1,15}|(ticket|contact|user):.{1,200})$/,
      'write conversation:12, ticket:3501, contact:003… or user:77…',
    )
    .describe(
      '`conversation:12`, `ticket:3501` (the helpdesk’s number), `contact:003…` or `user:77…` (as the platform says)',
    ),
});

const act = z.object({
  id: z.int(),
  at: moment,
  who: z.string(),
  what: z.enum(['choose', 'none', 'cut', 'join', 'undo']),
  customer: z.int(),
  target: z.string().optional(),
  why: z.string().optional(),
  undoes: z.int().optional(),
  undoneBy: z.int().optional(),
});

export const whoIsAnswer = z.object({
  customer: z.int(),
  name: z.string().optional(),
  joinedWith: z.int().optional().describe('nothing else is said of them then'),
  users: z.array(
    z.object({
      account: z.string(),
      platformUser: z.string(),
      evidence: z.string(),
      conversation: z.int().optional(),
      person: z.string().optional().describe('who they are at the helpdesk'),
    }),
  ),
  facts: z.array(
    z.object({
      kind: z.string(),
      value: z.string(),
      evidence: z.string(),
      by: z.string(),
      at: moment,
      withdrawn: z.boolean(),
    }),
  ),
  links: z.array(
    z.object({
      crm: z.string(),
      state: z.enum(['linked', 'ambiguous', 'none']),
      contact: candidate.optional(),
      evidence: z.string(),
      strength: z.string().optional(),
      decided: z.boolean().describe('a person said so'),
      by: z.string(),
      since: moment.optional(),
    }),
  ),
  questions: z.array(question),
  acts: z.array(act).describe('what people decided, the latest first'),
});

export const customersAnswer = z.object({ items: z.array(whoIsAnswer) });
