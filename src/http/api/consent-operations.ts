import { z } from 'zod';
import { emailAddress } from '../../domain/email.ts';
import { phoneNumber } from '../../domain/phone.ts';
import {
  type ConsentRefused,
  type ConsentTaken,
  consentByShop,
  type ShopConsent,
} from '../../flows/consent-by-shop.ts';
import { standing } from '../../flows/customer-of-shop.ts';
import type { ConnectedChannel, World } from '../../flows/world.ts';
import { type ConsentProof, consentProofs, consentStates } from '../../store/consents.ts';
import type { Database } from '../../store/database.ts';
import { customersWith } from '../../store/facts.ts';
import { customerExists } from '../../store/joined-customers.ts';
import {
  consentAnswer,
  consentBatchAnswer,
  consentBatchBody,
  consentBody,
  consentsAnswer,
  consentsQuery,
} from './consent-schemas.ts';
import { firstProblem, type ProblemOfOne } from './one-of-many.ts';
import { type ApiAnswer, type Operation, operation, wrongField } from './operation.ts';

const none = z.object({});

export interface ConsentParts {
  db: Database;
  notices: World['notices'];
  channels: ReadonlyMap<string, ConnectedChannel>;
}

/** What customers agreed to, as the shop tells it and may ask. */
export function consentOperations(parts: ConsentParts): Operation[] {
  const { db } = parts;
  return [
    operation({
      method: 'post',
      path: '/v1/consents',
      id: 'recordConsent',
      summary: 'What a customer agreed to, or no longer wants',
      description:
        'Kept for good with its proof. A customer who is not known yet is noted, and known again by any of what was said. Where the configuration wants a confirmation in the chat (`notices.doubleOptIn`), a yes is only asked for. What a customer stopped in a chat (STOP) stays stopped there.',
      scope: 'consents',
      idempotent: true,
      params: none,
      query: none,
      body: consentBody,
      answer: consentAnswer,
      handle: async ({ body, caller, now, idempotencyKey }) =>
        answered(await consentByShop(parts, body as ShopConsent, { key: caller.name, requestId: idempotencyKey, now })),
    }),
    operation({
      method: 'post',
      path: '/v1/consents/batch',
      bodyLimit: '1mb',
      id: 'recordConsents',
      summary: 'Up to 500 of them at once',
      description:
        'Each is taken or refused by itself, as it would be alone. With an `Idempotency-Key` the same batch counts once.',
      scope: 'consents',
      idempotent: true,
      params: none,
      query: none,
      body: consentBatchBody,
      answer: consentBatchAnswer,
      handle: async ({ body, caller, now, idempotencyKey }) => {
        const results = [];
        for (const [n, each] of body.consents.entries()) {
          const requestId = idempotencyKey === undefined ? undefined : `${idempotencyKey}#${n}`;
          const parsed = consentBody.safeParse(each);
          const taken = parsed.success
            ? await consentByShop(parts, parsed.data as ShopConsent, { key: caller.name, requestId, now })
            : { problem: firstProblem(parsed.error, 'consent') };
          results.push('refused' in taken ? { problem: problemOf(taken) } : taken);
        }
        return { status: 200, body: { results } };
      },
    }),
    operation({
      method: 'get',
      path: '/v1/consents',
      id: 'showConsents',
      summary: 'What a customer agreed to',
      description: 'By the number here, or as the shop names them. `proofs=true` tells every act that led there.',
      scope: 'consents',
      params: none,
      query: consentsQuery,
      body: undefined,
      answer: consentsAnswer,
      handle: ({ query }) => shown(db, query),
    }),
  ];
}

const problemOf = ({ field, refused }: ConsentRefused): ProblemOfOne => ({
  field: field ?? 'consent',
  detail: refused,
});

function answered(taken: ConsentTaken): ApiAnswer {
  if (!('refused' in taken)) return { status: taken.repeated ? 200 : 201, body: taken };
  const { field, refused, status } = taken;
  return field ? wrongField(`body.${field}`, refused, status) : { status, detail: refused };
}

async function shown(db: Database, query: z.infer<typeof consentsQuery>): Promise<ApiAnswer> {
  const meant = await customersAsked(db, query);
  if (meant === 'nobody-named') return wrongField('query', 'say who: customer, customerId, email or phone');
  if (meant.length > 1) return wrongField('query', 'several customers are known so; say customerId or customer', 409);
  const [customer] = meant;
  if (customer === undefined) return { status: 404, detail: 'nobody is known so' };
  const wanted = ({ purpose }: { purpose: string }) => query.purpose === undefined || purpose === query.purpose;
  const states = (await consentStates(db, customer)).filter(wanted);
  const proofs = query.proofs === 'true' ? (await consentProofs(db, customer)).filter(wanted) : undefined;
  return {
    status: 200,
    body: {
      customer,
      states: states.map((each) => ({ ...each, since: each.since.toISOString() })),
      ...(proofs ? { proofs: proofs.map(proofShown) } : {}),
    },
  };
}

const proofShown = ({ requestDigest: _, message: __, customer: ___, at, recordedAt, ...rest }: ConsentProof) => ({
  ...rest,
  at: at.toISOString(),
  recordedAt: recordedAt.toISOString(),
});

async function customersAsked(
  db: Database,
  { customer, customerId, email, phone }: z.infer<typeof consentsQuery>,
): Promise<number[] | 'nobody-named'> {
  if (customer !== undefined) {
    const now = await standing(db, customer);
    return (await customerExists(db, now)) ? [now] : [];
  }
  if (customerId !== undefined) return customersWith(db, 'shop-customer', customerId, 'shop-api');
  if (email !== undefined) return customersWith(db, 'email', emailAddress(email) ?? email, 'shop-api');
  if (phone !== undefined) return customersWith(db, 'phone', phoneNumber(phone) ?? phone, 'shop-api');
  return 'nobody-named';
}
