import { milliseconds, seconds } from '../domain/duration.ts';
import type { Outcome } from '../domain/outcome.ts';
import { backoffMs } from '../kit/backoff.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import { customersMeant } from '../store/customers.ts';
import { addDoneStep, type Erasure, setErasure } from '../store/erasures.ts';
import type { ErasingWorld } from './erasing.ts';
import { forgetCustomer } from './forget-customer.ts';

/**
 * A platform asks to forget somebody, whom it names by an id of its app rather than by the one it named them by in the chat:
 * it is asked who that is. All customers it names are that one person. Where nobody is known the receipt says so.
 */
export async function eraseAsked(world: ErasingWorld, erasure: Erasure): Promise<CatchUp> {
  const customers = new Set<number>();
  for (const account of erasure.asked?.accounts ?? []) {
    const found = await customersAt(world, account, erasure.asked!.user);
    if (found.result === 'later') return leftFor(found.after ?? seconds(30));
    if (found.result === 'account-broken' || found.result === 'unsure') return leftFor(milliseconds(backoffMs(6)));
    if (found.result === 'done') for (const customer of found.value) customers.add(customer);
  }
  if (customers.size === 0) {
    await addDoneStep(world.db, erasure.id, { place: 'ledger', what: 'identity', count: 0 });
    await setErasure(world.db, erasure.id, { state: 'done', ended: true, forgetAsked: true });
    return allDone;
  }
  const operations = { db: world.db, queue: world.queue, accounts: world.channels };
  for (const customer of customers) await forgetCustomer(operations, { customer, who: erasure.askedBy, erasure });
  return allDone;
}

async function customersAt(world: ErasingWorld, id: string, user: string): Promise<Outcome<number[]>> {
  const connected = world.channels.get(id);
  if (!connected) return { result: 'done', value: [] };
  const { channel, account } = connected;
  const told = (await channel.findAppUser?.(user, account, world.tools)) ?? { result: 'done' as const, value: [] };
  // What the platform does not know, or does not tell, it may still have told before.
  if (told.result !== 'done' && told.result !== 'never') return told;
  const names = [user, ...(told.result === 'done' ? told.value : [])];
  const found = await Promise.all(names.map((name) => customersMeant(world.db, name, id)));
  return { result: 'done', value: found.flat() };
}
