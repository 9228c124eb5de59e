import { z } from 'zod';
import { describeParked } from '../../flows/describe-parked.ts';
import { discardParked } from '../../flows/discard-parked.ts';
import type { Operations } from '../../flows/operations.ts';
import { type ReplayWhat, replay } from '../../flows/replay.ts';
import { listParked } from '../../store/parked.ts';
import { placeFrom, placeText } from '../../store/parked-place.ts';
import { type Operation, operation, wrongField } from './operation.ts';
import {
  discardBody,
  listAnswer,
  listQuery,
  parkedDetail,
  parkedParams,
  replayAnswer,
  replayBody,
  replayOneBody,
} from './operator-schemas.ts';

const none = z.object({});
const notParked = { status: 404, detail: 'nothing is parked under this id' } as const;

/** What an operator does by the API: the same as on the command line. */
export const operatorOperations = (operations: Operations): Operation[] => [
  operation({
    method: 'get',
    path: '/v1/parked',
    id: 'listParked',
    summary: 'What is parked',
    description: 'The latest first. Follow `next` for more.',
    scope: 'parked:read',
    params: none,
    query: listQuery,
    body: undefined,
    answer: listAnswer,
    handle: async ({ query }) => {
      const after = query.cursor === undefined ? undefined : placeFrom(query.cursor);
      if (query.cursor !== undefined && !after) return wrongField('query.cursor', 'none that a list gave');
      const { items, next } = await listParked(operations.db, query, query.limit, after);
      return { status: 200, body: { items, ...(next ? { next: placeText(next) } : {}) } };
    },
  }),
  operation({
    method: 'get',
    path: '/v1/parked/{id}',
    id: 'showParked',
    summary: 'One parked thing',
    description: 'What it is, why it is parked, what was tried and what to do. `text` only for keys with `text:read`.',
    scope: 'parked:read',
    params: parkedParams,
    query: none,
    body: undefined,
    answer: parkedDetail,
    handle: async ({ params, caller }) => {
      const found = await describeParked(operations.db, params.id, caller.scopes.includes('text:read'));
      return found ? { status: 200, body: found } : notParked;
    },
  }),
  operation({
    method: 'post',
    path: '/v1/parked/{id}/replay',
    id: 'replayParked',
    summary: 'Do one parked thing again',
    description: 'Asking twice does no harm: what waits already or is done stays as it is.',
    scope: 'parked:write',
    params: parkedParams,
    query: none,
    body: replayOneBody,
    answer: replayAnswer,
    handle: async ({ params, body, who }) => answered(operations, { what: { parked: params.id }, ...body, who }),
  }),
  operation({
    method: 'post',
    path: '/v1/parked/{id}/discard',
    id: 'discardParked',
    summary: 'Give one parked thing up',
    description: 'For good. If it was an agent’s reply, its ticket gets a note with the reason.',
    scope: 'parked:write',
    params: parkedParams,
    query: none,
    body: discardBody,
    answer: z.object({ discarded: z.literal(true) }),
    handle: async ({ params, body, who, now }) =>
      (await discardParked(operations, { id: params.id, who, why: body.why, now }))
        ? { status: 200, body: { discarded: true } }
        : notParked,
  }),
  operation({
    method: 'post',
    path: '/v1/replay',
    id: 'replay',
    summary: 'Do again what is not done',
    description:
      'Of one message, one conversation, or what was taken in within a time. What is done stays done; what is unsure is looked up first.',
    scope: 'replay',
    params: none,
    query: none,
    body: replayBody,
    answer: replayAnswer,
    handle: async ({ body, who }) => {
      const { target, resendUnsure, dryRun } = body;
      return answered(operations, { what: whatOf(body), target, resendUnsure, dryRun, who });
    },
  }),
];

function whatOf(body: z.infer<typeof replayBody>): ReplayWhat {
  if ('message' in body) return { message: body.message };
  if ('conversation' in body) return { conversation: body.conversation };
  if ('account' in body) return { account: body.account, platformUser: body.platformUser };
  return { since: body.since, until: body.until ?? new Date() };
}

async function answered(operations: Operations, request: Parameters<typeof replay>[1]) {
  const report = await replay(operations, request);
  return report
    ? { status: 200 as const, body: report }
    : { status: 404 as const, detail: 'there is no such message, conversation or parked thing' };
}
