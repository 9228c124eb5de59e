import { z } from 'zod';
import { receiptOf, retryErasure } from '../../flows/erasure-receipt.ts';
import { exportCustomer } from '../../flows/export-customer.ts';
import { findCustomer } from '../../flows/find-customer.ts';
import { forgetCustomer } from '../../flows/forget-customer.ts';
import type { Operations } from '../../flows/operations.ts';
import { type Operation, operation } from './operation.ts';
import { erasedAnswer, exportAnswer, findAnswer, findBody, receiptAnswer, retryAnswer } from './privacy-schemas.ts';

const none = z.object({});
const ofCustomer = z.object({ id: z.coerce.number().int().min(1).max(1e15).describe('the customer’s number') });
const ofReceipt = z.object({
  code: z
    .string()
    .regex(/^[A-Z0-9]{8,40}$/, 'not a code')
    .describe('as erasing told it'),
});
const noSuch = { status: 404, detail: 'there is no such customer' } as const;
const noReceipt = { status: 404, detail: 'there is no erasure with this code' } as const;

/** What the law lets a customer ask for: a copy of everything, and to be forgotten. */
export const privacyOperations = (operations: Operations): Operation[] => [
  operation({
    method: 'post',
    path: '/v1/customers/find',
    id: 'findCustomer',
    summary: 'Find a customer',
    description:
      'By one of: platform user on an account, e-mail, phone, or the shop’s customer id. Several are all told, never guessed among.',
    scope: 'privacy',
    params: none,
    query: none,
    body: findBody,
    answer: findAnswer,
    handle: async ({ body }) => {
      const found = await findCustomer(operations.db, body);
      if (found === 'nobody') return { status: 404, detail: 'nobody is known by that' };
      return { status: 200, body: { customers: 'several' in found ? found.several : [found.customer] } };
    },
  }),
  operation({
    method: 'post',
    path: '/v1/customers/{id}/export',
    id: 'exportCustomer',
    summary: 'Everything kept of a customer',
    description:
      'All rows of the ledger that are theirs, by table, which files are kept, and which records of helpdesk and CRM are theirs. The files themselves: `passerelle export-customer --files`.',
    scope: 'privacy',
    params: ofCustomer,
    query: none,
    body: undefined,
    answer: exportAnswer,
    handle: async ({ params, who, now }) => {
      const exported = await exportCustomer(operations, params.id, who, now);
      return exported ? { status: 200, body: exported.export } : noSuch;
    },
  }),
  operation({
    method: 'post',
    path: '/v1/customers/{id}/erase',
    id: 'eraseCustomer',
    summary: 'Forget a customer, for good',
    description:
      'The ledger forgets them at once; the vault, the helpdesk and the CRM as soon as they answer. The code finds the receipt. Cannot be undone.',
    scope: 'privacy',
    params: ofCustomer,
    query: none,
    body: undefined,
    answer: erasedAnswer,
    handle: async ({ params, who }) => {
      const erasure = await forgetCustomer(operations, { customer: params.id, who });
      return erasure ? { status: 202, body: { code: erasure.code } } : noSuch;
    },
  }),
  operation({
    method: 'get',
    path: '/v1/erasures/{code}',
    id: 'showErasure',
    summary: 'The receipt of an erasure',
    description: 'What was done where and when, and what was refused and why.',
    scope: 'privacy',
    params: ofReceipt,
    query: none,
    body: undefined,
    answer: receiptAnswer,
    handle: async ({ params }) => {
      const receipt = await receiptOf(operations.db, params.code);
      return receipt ? { status: 200, body: receipt } : noReceipt;
    },
  }),
  operation({
    method: 'post',
    path: '/v1/erasures/{code}/retry',
    id: 'retryErasure',
    summary: 'Try refused steps once more',
    description: 'When what they were refused for was put right.',
    scope: 'privacy',
    params: ofReceipt,
    query: none,
    body: undefined,
    answer: retryAnswer,
    handle: async ({ params }) => {
      const retried = await retryErasure(operations, params.code);
      return retried === undefined ? noReceipt : { status: 202, body: { retried } };
    },
  }),
];
