import { z } from 'zod';
import { contactObjects } from '../domain/contact-match.ts';
import { answerQuestion } from '../flows/answer-question.ts';
import { cut } from '../flows/cut.ts';
import type { Acted, Doer } from '../flows/link-act.ts';
import { undoAct } from '../flows/undo-act.ts';
import { actById } from '../store/link-acts.ts';
import { questionById } from '../store/questions.ts';
import { type AgentAppParts, type Answer, type Asked, fine } from './parts.ts';

const number = z.number().int().positive().max(1e15);
const record = z
  .string()
  .trim()
  .regex(/^[\w-]{1,100}$/, 'not the id of a record');

/** What an agent may decide about who the customer is. Each can be undone, here as in the console. */
export const linkWish = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('unlink'), at: record }),
  z.strictObject({ act: z.literal('link'), at: record, to: record, object: z.enum(contactObjects).default('Contact') }),
  z.strictObject({ act: z.literal('choose'), question: number, record }),
  z.strictObject({ act: z.literal('none'), question: number }),
  z.strictObject({ act: z.literal('undo'), of: number }),
]);
type LinkWish = z.output<typeof linkWish>;

/** Only about the customer of this ticket: what is about another is as if it were not there. */
export async function decideLink({ operations, world }: AgentAppParts, asked: Asked, wish: LinkWish): Promise<Answer> {
  const customer = asked.conversation.customer.id;
  const doer: Doer = { who: asked.who, why: 'said in the app beside the ticket', now: world.tools.clock.now() };
  switch (wish.act) {
    case 'unlink':
      return acted(await cut(operations, { customer, at: wish.at }, doer));
    case 'link':
      return acted(await cut(operations, { customer, at: wish.at, to: { id: wish.to, object: wish.object } }, doer));
    case 'choose':
    case 'none': {
      if ((await questionById(operations.db, wish.question))?.customer !== customer) return gone;
      const answer = wish.act === 'none' ? 'none' : { chosen: wish.record, other: false };
      return acted(await answerQuestion(operations, wish.question, answer, doer));
    }
    case 'undo':
      if ((await actById(operations.db, wish.of))?.customer !== customer) return gone;
      return acted(await undoAct(operations, wish.of, doer));
    default:
      return wish satisfies never;
  }
}

const gone: Answer = { status: 404, because: 'gone', detail: 'there is no such thing about this customer' };

function acted(done: Acted | undefined): Answer {
  if (!done) return gone;
  return 'act' in done ? fine(done) : { status: 409, because: 'decided-already', detail: done.refused };
}
