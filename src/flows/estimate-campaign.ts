import { type AccountKinds, sizeOf } from '../store/campaign-recipients.ts';
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

/** `heldOut` is what its share comes to; who it is hangs on a hash. Everybody is reckoned to be told on the account they wrote on last. */
export async function estimateCampaign(
  db: Database,
  campaign: Pick<Campaign, 'segment' | 'purpose' | 'holdOut' | 'perMinute'>,
  kinds: AccountKinds,
  prices: readonly Price[],
  now: Date,
): Promise<Estimate> {
  const sizes = await sizeOf(db, campaign, kinds, now);
  const accounts = sizes.map((each) => ({ ...each, kind: kinds.get(each.account)! }));
  const all = accounts.reduce((sum, { customers }) => sum + customers, 0);
  const heldOut = Math.round(all * campaign.holdOut);
  const customers = all - heldOut;
  return {
    ...{ customers, heldOut, accounts },
    minutes: Math.ceil((customers / campaign.perMinute) * 10) / 10,
    ...costsOf(accounts, prices, 1 - campaign.holdOut),
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
