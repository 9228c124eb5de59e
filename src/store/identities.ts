import type { Evidence } from '../domain/evidence.ts';
import type { Queryable, Tx } from './database.ts';

/** Which customer a platform user is, and how that is known. */
export interface Identity {
  account: string;
  platformUser: string;
  customer: number;
  /** `wrote-here`: they wrote, nothing else is known. */
  evidence: Evidence | 'wrote-here';
  by: string | undefined;
  /** The key of the event that told it. */
  event: string | undefined;
  at: Date;
}

export async function identitiesOf(db: Queryable, customer: number): Promise<Identity[]> {
  const rows = await db.selectFrom('identities').selectAll().where('customer', '=', customer).orderBy('id').execute();
  return rows.map((row) => ({
    account: row.account,
    platformUser: row.platform_user,
    customer: row.customer,
    evidence: row.evidence as Identity['evidence'],
    by: row.by_whom ?? undefined,
    event: row.event ?? undefined,
    at: row.told_at ?? row.created_at,
  }));
}

/** Says which customer a platform user is from now on, with their conversation. */
export async function identifyAs(tx: Tx, { account, platformUser, ...known }: Identity): Promise<void> {
  const { customer } = known;
  await tx
    .updateTable('identities')
    .set({
      customer,
      evidence: known.evidence,
      by_whom: known.by ?? null,
      event: known.event ?? null,
      told_at: known.at,
    })
    .where('account', '=', account)
    .where('platform_user', '=', platformUser)
    .execute();
  await tx
    .updateTable('conversations')
    .set({ customer })
    .where('account', '=', account)
    .where('platform_user', '=', platformUser)
    .where('customer', '<>', customer)
    .execute();
}
