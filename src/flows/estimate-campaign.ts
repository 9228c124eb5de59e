import { type AccountKinds, aboutSizeOf, type SizeByAccount, sizeOf } from '../store/campaign-size.ts';
import type { Campaign } from '../store/campaigns.ts';
import type { Database } from '../store/database.ts';

/** What one message costs, as the operator says. */
export interface Price {
  channel: string;
  perMessage: number;
  currency: string;
}

/** How large a campaign would be now, how long it would take, what it would cost at most. */
export interface Estimate {
  customers: number;
  heldOut: number;
  accounts: { account: string; kind: string; customers: number }[];
  minutes: number;
  costs: { currency: string; amount: number }[];
  /** Kinds of channel for which nobody said a price. */
  withoutPrice: string[];
}

type Wished = Pick<Campaign, 'segment' | 'purpose' | 'holdOut' | 'perMinute'>;

/** `heldOut` is what its share comes to; who it is hangs on a hash. Everybody is reckoned to be told on the account they wrote on last. */
export async function estimateCampaign(
  db: Database,
  campaign: Wished,
  kinds: AccountKinds,
  prices: readonly Price[],
  now: Date,
): Promise<Estimate> {
  return reckoned(campaign, await sizeOf(db, campaign, kinds, now), kinds, prices);
}

/** The same while somebody waits for the page: of very many customers reckoned from some of them, which `about` tells. */
export async function estimateAtOnce(
  db: Database,
  campaign: Wished,
  kinds: AccountKinds,
  prices: readonly Price[],
  now: Date,
): Promise<Estimate & { about: boolean }> {
  const { accounts, about } = await aboutSizeOf(db, campaign, kinds, now);
  return { ...reckoned(campaign, accounts, kinds, prices), about };
}

function reckoned(
  { holdOut, perMinute }: Wished,
  sizes: SizeByAccount,
  kinds: AccountKinds,
  prices: readonly Price[],
): Estimate {
  const accounts = sizes.map((each) => ({ ...each, kind: kinds.get(each.account)! }));
  const all = accounts.reduce((sum, { customers }) => sum + customers, 0);
  const heldOut = Math.round(all * holdOut);
  const customers = all - heldOut;
  return {
    ...{ customers, heldOut, accounts },
    minutes: Math.ceil((customers / perMinute) * 10) / 10,
    ...costsOf(accounts, prices, 1 - holdOut),
  };
}

function costsOf(
  accounts: Estimate['accounts'],
  prices: readonly Price[],
  share: number,
): Pick<Estimate, 'costs' | 'withoutPrice'> {
  const costs = new Map<string, number>();
  const without = new Set<string>();
  for (const { kind, customers } of accounts) {
    const price = prices.find(({ channel }) => channel === kind);
    if (!price) without.add(kind);
    else costs.set(price.currency, (costs.get(price.currency) ?? 0) + customers * share * price.perMessage);
  }
  const inCents = (amount: number) => Math.ceil(Math.round(amount * 1e6) / 1e4) / 100;
  return {
    costs: [...costs].map(([currency, amount]) => ({ currency, amount: inCents(amount) })),
    withoutPrice: [...without].sort(),
  };
}
