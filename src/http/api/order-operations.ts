import { z } from 'zod';
import { emailAddress } from '../../domain/email.ts';
import type { ShopFile } from '../../domain/order.ts';
import { phoneNumber } from '../../domain/phone.ts';
import { isPdf, largestInvoice } from '../../flows/fetch-order-file.ts';
import { type TakenOrderEvent, type ToldOrderEvent, takeInOrderEvent } from '../../flows/take-in-order-event.ts';
import type { Database } from '../../store/database.ts';
import { firstProblem, type ProblemOfOne } from './one-of-many.ts';
import { type ApiAnswer, type Operation, operation, wrongField } from './operation.ts';
import { type OrderReadParts, orderReadOperations } from './order-read-operations.ts';
import { mostEvents, type OrderEventInput, orderEvent, orderEvents, orderEventsAnswer } from './order-schemas.ts';

const none = z.object({});

export interface OrderParts extends OrderReadParts {
  db: Database;
  queue: Parameters<typeof takeInOrderEvent>[1]['queue'];
}

/** What a shop tells of its orders, and what became of telling its customers. */
export const orderOperations = (parts: OrderParts): Operation[] => [
  operation({
    method: 'post',
    path: '/v1/orders/events',
    id: 'tellOrderEvents',
    summary: 'What happened to orders',
    description: `One event, or \`{"events": […]}\` with up to ${mostEvents}. Each is answered for: \`taken\`, a \`repeat\`, or \`refused\` with its problem. The customer is told by the first of their channels that they agreed to and that takes it. With an \`id\`, or an \`Idempotency-Key\`, an event that is told again is a repeat; so is the very same event without either. 202: something was taken; 200: nothing new; 400, 409: a single event was refused.`,
    scope: 'orders',
    idempotent: true,
    bodyLimit: '25mb',
    params: none,
    query: none,
    body: orderEvents,
    answer: orderEventsAnswer,
    handle: async ({ body, caller, now, idempotencyKey }) => {
      const many = Array.isArray(body['events']) && Object.keys(body).length === 1 ? body['events'] : undefined;
      if (many && (many.length === 0 || many.length > mostEvents))
        return wrongField('body.events', `from 1 to ${mostEvents} events`);
      const results: ResultOfOne[] = [];
      for (const [index, event] of (many ?? [body]).entries()) {
        const key = idempotencyKey === undefined ? undefined : many ? `${idempotencyKey}:${index}` : idempotencyKey;
        results.push({ index, ...(await takeOne(parts, event, { shop: caller.name, key, now })) });
      }
      return many ? answered(results) : answeredOne(results[0]!);
    },
  }),
  ...orderReadOperations(parts),
];

interface ResultOfOne {
  index: number;
  result: 'taken' | 'repeat' | 'refused';
  problem?: ProblemOfOne;
  because?: 'invalid' | 'conflict';
}

function answered(results: ResultOfOne[]): ApiAnswer {
  const count = (result: ResultOfOne['result']) => results.filter((each) => each.result === result).length;
  const [taken, repeats, refused] = [count('taken'), count('repeat'), count('refused')];
  const body = { taken, repeats, refused, results: results.map(({ because: _, ...shown }) => shown) };
  return { status: taken > 0 ? 202 : 200, body };
}

function answeredOne(one: ResultOfOne): ApiAnswer {
  if (one.result !== 'refused') return answered([one]);
  const { field, detail } = one.problem!;
  return wrongField(`body.${field}`, detail, one.because === 'conflict' ? 409 : 400);
}

type Asked = { shop: string; key: string | undefined; now: Date };

async function takeOne(parts: OrderParts, given: unknown, asked: Asked): Promise<Omit<ResultOfOne, 'index'>> {
  const parsed = orderEvent.safeParse(given);
  if (!parsed.success) return { result: 'refused', because: 'invalid', problem: firstProblem(parsed.error, 'event') };
  const file = fileOf(parsed.data);
  if (file && 'wrong' in file) return refused('document.base64', file.wrong);
  const told = { ...toldOf(parsed.data, asked), ...(file ? { file } : {}) };
  return resultOf(await takeInOrRollBack(parts, told, asked.now), parsed.data.order.number);
}

const refused = (field: string, detail: string, because: 'invalid' | 'conflict' = 'invalid') =>
  ({ result: 'refused', because, problem: { field, detail } }) as const;

function toldOf(event: OrderEventInput, { shop, key }: Asked): ToldOrderEvent {
  const { id, occurredAt, order, customer, language, reason, amount, title, text, notify } = event;
  const phone = customer?.phone === undefined ? undefined : phoneNumber(customer.phone);
  const email = customer?.email === undefined ? undefined : emailAddress(customer.email);
  return {
    ...{ shop, type: event.type, order, language, silent: !notify },
    key: id ?? key,
    at: occurredAt === undefined ? undefined : new Date(occurredAt),
    customer: customer && { ...customer, phone, email },
    details: { reason, amount, title, text },
  };
}

function fileOf({ document }: OrderEventInput): ShopFile | { wrong: string } | undefined {
  if (!document) return undefined;
  const known = { name: document.name, contentType: 'application/pdf' };
  if (document.url !== undefined) return { ...known, url: document.url };
  const bytes = Buffer.from(document.base64 ?? '', 'base64');
  if (!isPdf(bytes)) return { wrong: 'is no PDF' };
  if (bytes.length > largestInvoice) return { wrong: `is larger than ${largestInvoice / 1e6} MB` };
  return { ...known, bytes };
}

/** Nothing of an event that is refused stays. */
class Refused extends Error {
  readonly taken: TakenOrderEvent;
  constructor(taken: TakenOrderEvent) {
    super('refused');
    this.taken = taken;
  }
}

async function takeInOrRollBack({ db, queue }: OrderParts, told: ToldOrderEvent, now: Date): Promise<TakenOrderEvent> {
  try {
    return await db.transaction().execute(async (tx) => {
      const taken = await takeInOrderEvent(tx, { queue }, told, now);
      if (taken.result === 'refused') throw new Refused(taken);
      return taken;
    });
  } catch (error) {
    if (error instanceof Refused) return error.taken;
    throw error;
  }
}

function resultOf(taken: TakenOrderEvent, order: string): Omit<ResultOfOne, 'index'> {
  if (taken.result === 'refused') return refused(taken.field, taken.why, taken.because);
  if (taken.result === 'repeat') return { result: 'repeat', ...{ event: taken.event, order } };
  const { event, told, notice } = taken;
  return { result: 'taken', ...{ event, order, told, ...(notice === undefined ? {} : { notice }) } };
}
