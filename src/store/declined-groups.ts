import type { Tx } from './database.ts';

/** Whether this is the first time: a group is told once that it is not served. */
export async function noteDecline(tx: Tx, account: string, chat: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('declined_groups')
    .values({ account, chat })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}
