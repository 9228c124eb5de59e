import { z } from 'zod';
import type { Operations } from '../../flows/operations.ts';
import { redact } from '../../flows/redact.ts';
import { type Operation, operation } from './operation.ts';
import { redactAnswer, redactBody } from './operator-schemas.ts';

const none = z.object({});

/** Removing what somebody said, as the law may want it. */
export const operatorRedaction = (operations: Operations): Operation[] => [
  operation({
    method: 'post',
    path: '/v1/redactions',
    id: 'redact',
    summary: 'Remove what was said, for good',
    description:
      'One message, or all of a conversation until now. The ledger and the vault lose it at once; the ticket and the history as soon as they answer. What cannot be done is parked. Asking twice does no harm.',
    scope: 'redact',
    params: none,
    query: none,
    body: redactBody,
    answer: redactAnswer,
    handle: async ({ body, who, now }) => {
      const { dryRun, ...what } = body;
      const report = await redact(operations, { what, dryRun, who, now });
      return report
        ? { status: 202, body: report }
        : { status: 404, detail: 'there is no such message or conversation' };
    },
  }),
];
