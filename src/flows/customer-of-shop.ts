import { type FactKind, keptFact, type ToldFact } from '../domain/fact.ts';
import { sha256 } from '../kit/crypto.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { customersWith, learnFacts } from '../store/facts.ts';
import { linkByToken } from '../store/links.ts';
import { lockConversation } from '../store/locks.ts';

/** How a shop names one of its customers; one of these at least. E-mails and phones (E.164) are those of the shop's own account. */
export interface ShopCustomer {
  customerId?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  /** The token of a signed link the shop gave them. */
  linkToken?: string | undefined;
}

/** `several`: more than one customer is known so, and nobody guesses among them. `unknown`: the link is none of ours, or nobody used it. */
export type FoundCustomer =
  | { customer: number; isNew: boolean }
  | { refused: 'nothing-said' | 'unknown-link' }
  | { refused: 'several'; among: number[]; by: FactKind };

/**
 * The customer a shop speaks of. What they are called at the shop goes first, then an e-mail they proved and a phone their
 * platform vouches for; what somebody merely typed in a chat ties nobody to a shop's customer. Nobody known: a new customer,
 * whom later facts may join with a chat. What the shop tells is kept as a fact. `by`: `shop:{key name}`.
 */
export async function customerOfShop(tx: Tx, told: ShopCustomer, by: string, at = new Date()): Promise<FoundCustomer> {
  if (told.linkToken !== undefined) return customerOfLink(tx, told.linkToken);
  const facts = factsTold(told, by);
  if (facts.length === 0) return { refused: 'nothing-said' };
  // Two requests that speak of one customer at once must see each other; always in one order.
  const locks = facts.map(({ kind, value }) => `${kind}:${keptFact(kind, value)?.compared ?? value}`).sort();
  for (const lock of locks) await lockConversation(tx, lock);
  for (const { kind, value } of facts) {
    const among = await customersWith(tx, kind, value, 'shop-api');
    if (among.length > 1) return { refused: 'several', among, by: kind };
    if (among[0] !== undefined && !(await isAnother(tx, among[0], told))) {
      await learnFacts(tx, among[0], facts, { at });
      return { customer: among[0], isNew: false };
    }
  }
  const { id } = await tx.insertInto('customers').defaultValues().returning('id').executeTakeFirstOrThrow();
  await learnFacts(tx, id, facts, { at });
  return { customer: id, isNew: true };
}

const factsTold = ({ customerId, email, phone }: ShopCustomer, by: string): ToldFact[] => {
  const given = [
    ['shop-customer', customerId],
    ['email', email],
    ['phone', phone],
  ] as const;
  return given.flatMap(([kind, value]) => (value ? [{ kind, value, evidence: 'shop-api', by } as const] : []));
};

/** Who is known by this e-mail or phone is another customer of the shop than the one spoken of: they share it. */
async function isAnother(db: Queryable, customer: number, { customerId }: ShopCustomer): Promise<boolean> {
  if (customerId === undefined) return false;
  const rows = await db
    .selectFrom('facts')
    .select('compared')
    .where('customer', '=', customer)
    .where('kind', '=', 'shop-customer')
    .where('withdrawn_at', 'is', null)
    .execute();
  return rows.length > 0 && rows.every(({ compared }) => compared !== customerId.trim());
}

async function customerOfLink(tx: Tx, token: string): Promise<FoundCustomer> {
  const link = await linkByToken(tx, sha256(token));
  if (!link) return { refused: 'unknown-link' };
  if (link.used) return { customer: await standing(tx, link.used.customer), isNew: false };
  return customerOfShop(
    tx,
    { customerId: link.shopCustomer, email: link.email, phone: link.phone },
    `shop:${link.madeBy}`,
  );
}

/** Whom a customer was joined with since. */
export async function standing(db: Queryable, customer: number): Promise<number> {
  const row = await db.selectFrom('customers').select('joined_with').where('id', '=', customer).executeTakeFirst();
  return row?.joined_with ? standing(db, row.joined_with) : customer;
}
