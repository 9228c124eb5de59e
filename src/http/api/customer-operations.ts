import { z } from 'zod';
import { setAttributes } from '../../store/attributes.ts';
import type { Database } from '../../store/database.ts';
import { attributesAnswer, attributesBody } from './mapping-schemas.ts';
import { type Operation, operation } from './operation.ts';

const none = z.object({});

/** What a shop tells of its customers, for routing and texts. */
export const customerOperations = (db: Database): Operation[] => [
  operation({
    method: 'post',
    path: '/v1/customers/attributes',
    id: 'setCustomerAttributes',
    summary: 'Tell something of a customer',
    description:
      'For routing and texts: `orderState` and whatever else the mapping names. What is not named stays as it is.',
    scope: 'orders',
    params: none,
    query: none,
    body: attributesBody,
    answer: attributesAnswer,
    handle: async ({ body }) => {
      const attributes = await setAttributes(db, body.account, body.platformUser, body.attributes);
      return attributes
        ? { status: 200, body: { attributes } }
        : { status: 404, detail: 'nobody of that name has written to this account' };
    },
  }),
];
