import { z } from 'zod';
import { type Receipt, receiptOf, retryErasure } from '../../../flows/erasure-receipt.ts';
import { exportCustomer } from '../../../flows/export-customer.ts';
import { forgetCustomer } from '../../../flows/forget-customer.ts';
import { audited } from '../../../store/audit.ts';
import type { ErasureReceipt } from '../../wire/people.ts';
import { type Endpoint, endpoint, fine, missing } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';

const params = z.object({ id: z.coerce.number().int().positive().max(1e15) });
const coded = z.object({ code: z.string().regex(/^[A-Z0-9]{8,40}$/, 'not a code') });

/** What the law lets a customer ask for. */
export const privacyEndpoints = ({ db, operations }: Pick<ConsoleParts, 'db' | 'operations'>): Endpoint[] => [
  endpoint({
    method: 'post',
    path: '/people/:id/export',
    may: 'people.export',
    params,
    handle: async ({ params: { id }, who, now }) => {
      const exported = await exportCustomer(operations, id, who, now);
      return exported ? fine(exported.export) : missing('customer');
    },
  }),
  endpoint({
    method: 'post',
    path: '/people/:id/erase',
    may: 'people.erase',
    params,
    handle: async ({ params: { id }, who }) => {
      const erasure = await forgetCustomer(operations, { customer: id, who });
      return erasure ? { status: 202, body: { code: erasure.code } } : missing('customer');
    },
  }),
  endpoint({
    method: 'get',
    path: '/erasures/:code',
    may: 'people.erase',
    params: coded,
    handle: async ({ params: { code } }) => {
      const receipt = await receiptOf(db, code);
      return receipt ? fine(shown(receipt)) : missing('erasure');
    },
  }),
  endpoint({
    method: 'post',
    path: '/erasures/:code/retry',
    may: 'people.erase',
    params: coded,
    handle: async ({ params: { code }, who }) => {
      const retried = await retryErasure(operations, code);
      if (retried === undefined) return missing('erasure');
      await audited(db, { who, what: 'erase', subject: code, detail: { retried } });
      return fine({ retried });
    },
  }),
];

const shown = ({ code, askedBy, askedAt, state, endedAt, steps }: Receipt): ErasureReceipt => ({
  ...{ code, askedBy, state, askedAt: askedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null },
  steps: steps.map((step) => ({
    ...{ place: step.place, what: step.what, state: step.state, count: step.count },
    reason: step.reason ?? null,
    endedAt: step.endedAt?.toISOString() ?? null,
  })),
});
