import { customersMeant } from '../store/customers.ts';
import { customersWith } from '../store/customers-with.ts';
import type { Queryable } from '../store/database.ts';
import { customerExists } from '../store/joined-customers.ts';

/** One of the ways to say who is meant. */
export type WhoIsMeant =
  | { customer: number }
  | { account: string; platformUser: string }
  | { email: string }
  | { phone: string }
  | { shopCustomer: string };

/** Several are never guessed among. */
export type FoundCustomer = { customer: number } | 'nobody' | { several: number[] };

export async function findCustomer(db: Queryable, who: WhoIsMeant): Promise<FoundCustomer> {
  const [first, ...others] = await meant(db, who);
  if (first === undefined) return 'nobody';
  return others.length > 0 ? { several: [first, ...others] } : { customer: first };
}

async function meant(db: Queryable, who: WhoIsMeant): Promise<number[]> {
  if ('customer' in who) return (await customerExists(db, who.customer)) ? [who.customer] : [];
  if ('account' in who) return customersMeant(db, who.platformUser, who.account);
  if ('email' in who) return customersWith(db, 'email', who.email);
  if ('phone' in who) return customersWith(db, 'phone', who.phone);
  return customersWith(db, 'shop-customer', who.shopCustomer);
}
