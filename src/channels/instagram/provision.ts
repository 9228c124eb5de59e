import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { SetupChange, SetupWish } from '../channel.ts';
import type { InstagramAccount } from './account.ts';
import { checkSubscription, subscribe, subscribedFields, unsubscribe } from './subscription.ts';

/**
 * Subscribes the account to the app, or ends that. The webhook's address belongs to the app as a whole, and is entered in the
 * App Dashboard: an account's token may not change it.
 */
export async function provision(
  wish: SetupWish,
  account: InstagramAccount,
  tools: Tools,
): Promise<Outcome<SetupChange[]>> {
  const fields = await subscribedFields(account, tools);
  if (fields.result !== 'done') return fields;
  const now = fields.value.join(', ') || 'none';
  const wanted = wish.remove ? await wantedWithout(fields.value) : await wantedWith(account, tools);
  if (wanted.result !== 'done' || wanted.value === undefined) return wanted.result === 'done' ? done([]) : wanted;
  const apply = wish.remove ? unsubscribe : subscribe;
  const applied = wish.apply ? await apply(account, tools) : done(true);
  if (applied.result !== 'done') return applied;
  return done([{ what: 'webhook subscription', now, wanted: wanted.value }]);
}

type Wanted = Outcome<string | undefined>;

const wantedWithout = async (fields: readonly string[]): Promise<Wanted> =>
  done(fields.length > 0 ? 'none' : undefined);

async function wantedWith(account: InstagramAccount, tools: Tools): Promise<Wanted> {
  const found = await checkSubscription(account, tools);
  if (found.result !== 'done') return found;
  return done(found.value.ok ? undefined : found.value.why);
}
