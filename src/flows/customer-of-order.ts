import type { FactKind } from '../domain/fact.ts';
import type { Tx } from '../store/database.ts';
import { customersWith, learnFacts } from '../store/facts.ts';
import type { KeptOrder } from '../store/orders.ts';
import { customerOfShop, type FoundCustomer, type ShopCustomer, standing } from './customer-of-shop.ts';

/**
 * Whose order it is. One that is known stays with its customer: what the shop tells of them is added, unless it is what
 * somebody else is known by.
 */
export async function customerOfOrder(
  tx: Tx,
  order: KeptOrder | undefined,
  told: ShopCustomer | undefined,
  by: string,
): Promise<FoundCustomer | { refused: 'another' }> {
  if (!order) return customerOfShop(tx, told ?? {}, by);
  const customer = await standing(tx, order.customer);
  if (!told) return { customer, isNew: false };
  if (told.linkToken !== undefined) {
    const found = await customerOfShop(tx, told, by);
    return 'refused' in found || found.customer === customer ? found : { refused: 'another' };
  }
  const facts = factsIn(told);
  for (const { kind, value } of facts) {
    const among = await customersWith(tx, kind, value, 'shop-api');
    if (among.length > 0 && !among.includes(customer)) return { refused: 'another' };
  }
  await learnFacts(
    tx,
    customer,
    facts.map((fact) => ({ ...fact, evidence: 'shop-api', by })),
    { at: new Date() },
  );
  return { customer, isNew: false };
}

const factsIn = ({ customerId, email, phone }: ShopCustomer): { kind: FactKind; value: string }[] =>
  (
    [
      ['shop-customer', customerId],
      ['email', email],
      ['phone', phone],
    ] as const
  ).flatMap(([kind, value]) => (value ? [{ kind, value }] : []));
