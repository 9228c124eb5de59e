import { type Priority, priorities } from '../domain/consent.ts';
import type { Queue } from '../queue/queue.ts';
import type { Tx } from '../store/database.ts';
import { addNotice, type NewNotice } from '../store/notices.ts';

/** Something to tell a customer. `event` names its texts in `config/notices/`: `order.shipped`, `campaign.autumn`. */
export type PlannedNotice = Omit<NewNotice, 'priority'> & { priority: Priority };

/**
 * Plans a notice and wakes the job that sends it, in the caller's transaction. Where and how it goes, and whether it may, is
 * decided at the moment of sending. Undefined: there is one with this `dedupeKey` already.
 */
export async function planNotice(
  tx: Tx,
  { queue }: { queue: Pick<Queue, 'wake'> },
  { priority, ...planned }: PlannedNotice,
): Promise<number | undefined> {
  const id = await addNotice(tx, { ...planned, priority: priorities[priority] });
  if (id !== undefined && (planned.notBefore ?? new Date(0)) <= new Date())
    await wakeNotices(tx, { queue }, [planned.customer]);
  return id;
}

/** Wakes the job that sends what is due of these customers. */
export const wakeNotices = (
  tx: Tx,
  { queue }: { queue: Pick<Queue, 'wake'> },
  customers: readonly number[],
): Promise<void> =>
  queue.wake(
    tx,
    customers.map((customer) => ({ queue: 'notices', key: String(customer) })),
  );

/** As the gate wants it. */
export const priorityOf = ({ priority }: { priority: number }): Priority =>
  (Object.keys(priorities) as Priority[]).find((name) => priorities[name] === priority) ?? 'normal';
