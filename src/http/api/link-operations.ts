import { z } from 'zod';
import { emailAddress } from '../../domain/email.ts';
import { phoneNumber } from '../../domain/phone.ts';
import { type LinkRefused, type LinkWish, type MadeLink, makeLink } from '../../flows/make-link.ts';
import type { ConnectedChannel } from '../../flows/world.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Database } from '../../store/database.ts';
import { type Link, linkById } from '../../store/links.ts';
import { linkAnswer, linkBody, linkParams, linkState } from './link-schemas.ts';
import { type ApiAnswer, type Operation, operation, wrongField } from './operation.ts';

const none = z.object({});

export interface LinkParts {
  db: Database;
  channels: ReadonlyMap<string, ConnectedChannel>;
  /** To ask the platforms that make such links themselves. */
  tools: Tools;
}

/** Links by which a shop says who writes. */
export const linkOperations = ({ db, channels, tools }: LinkParts): Operation[] => [
  operation({
    method: 'post',
    path: '/v1/links',
    id: 'makeLink',
    summary: 'A signed link for one customer of the shop',
    description:
      'Whoever opens one of the links and writes is that customer from then on. Give them to that customer only, where they are logged in or by mail. It works once, and no longer than it is said. With an `Idempotency-Key` a repeated request gives the same link.',
    scope: 'links',
    idempotent: true,
    params: none,
    query: none,
    body: linkBody,
    answer: linkAnswer,
    handle: async ({ body, caller, now, idempotencyKey }) => {
      const wish: LinkWish = { ...wishOf(body), madeBy: caller.name };
      const key = idempotencyKey === undefined ? {} : { requestKey: idempotencyKey };
      return answered(await makeLink(db, channels, { ...wish, ...key }, now, tools));
    },
  }),
  operation({
    method: 'get',
    path: '/v1/links/{id}',
    id: 'showLink',
    summary: 'Whether a signed link was used, and by whom',
    description: 'The token is not told again: only its hash is kept.',
    scope: 'links',
    params: linkParams,
    query: none,
    body: undefined,
    answer: linkState,
    handle: async ({ params, now }) => {
      const link = await linkById(db, params.id);
      return link ? { status: 200, body: stateOf(link, now) } : { status: 404, detail: 'there is no link of this id' };
    },
  }),
];

function wishOf({ customerId, email, phone, ...rest }: z.infer<typeof linkBody>): Omit<LinkWish, 'madeBy'> {
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...(given as Pick<LinkWish, 'greeting' | 'expiresIn'>),
    shopCustomer: customerId,
    ...(email ? { email: emailAddress(email)! } : {}),
    ...(phone ? { phone: phoneNumber(phone)! } : {}),
  };
}

function answered(made: MadeLink | LinkRefused): ApiAnswer {
  if ('refused' in made) return refused(made);
  const { link, token, urls, without, repeated } = made;
  const { id, shopCustomer, expiresAt } = link;
  const body = { id, customerId: shopCustomer, token, expiresAt: expiresAt.toISOString(), links: urls, without };
  return { status: repeated ? 200 : 201, body };
}

function refused({ refused: why, lacks }: LinkRefused): ApiAnswer {
  if (why === 'other-request')
    return { status: 422, detail: 'this Idempotency-Key was used for another request; take a new one for each link' };
  if (why === 'no-account') return wrongField('body.account', 'there is no channel account of this name');
  const hint = !lacks ? 'its channel has none' : 'needs' in lacks ? `set ${lacks.needs} of the account` : lacks.failed;
  return { status: 400, detail: `there is no account that such a link can lead to: ${hint}` };
}

function stateOf({ id, shopCustomer, accounts, createdAt, expiresAt, used }: Link, now: Date) {
  return {
    id,
    customerId: shopCustomer,
    state: used ? 'used' : expiresAt <= now ? 'expired' : 'waiting',
    accounts,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    ...(used
      ? {
          used: {
            at: used.at.toISOString(),
            account: used.account,
            platformUser: used.platformUser,
            customer: used.customer,
          },
        }
      : {}),
  };
}
