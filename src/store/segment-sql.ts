import { type RawBuilder, sql } from 'kysely';
import type { Purchases, Segment } from '../domain/campaign.ts';

/**
 * The customers of a segment who agreed to its purpose, as a query of `customer` and `account`: one line for each, with the account
 * they wrote on last of those through which they agreed. What they agreed to is judged as `agreedTo` (domain/consent.ts) does; whether they may be
 * told at the moment of sending is judged again then. `kinds` are the channels' kinds by account. With a `share` (0 to 1) only so many of
 * the customers are looked at, drawn by lot, the same ones each time.
 */
export function customersOf(
  segment: Segment,
  purpose: string,
  kinds: ReadonlyMap<string, string>,
  now: Date,
  share?: number,
): RawBuilder<{ customer: number; account: string }> {
  const accounts = [...kinds].filter(
    ([account, kind]) => isIn(segment.accounts, account) && isIn(segment.channels, kind),
  );
  const drawn = share === undefined ? sql`` : sql`tablesample bernoulli (${share * 100}) repeatable (1)`;
  return sql`
    select distinct on (c.id) c.id as customer, v.account
    from customers c ${drawn}
      join conversations v on v.customer = c.id
      join unnest(${accounts.map(([account]) => account)}::text[], ${accounts.map(([, kind]) => kind)}::text[])
        as a (account, kind) on a.account = v.account
    where c.joined_with is null and ${agreed(purpose)} and ${sql.join(conditions(segment, now), sql` and `)}
    order by c.id, v.last_customer_at desc nulls last, v.id`;
}

const isIn = (wanted: readonly string[], one: string) => wanted.length === 0 || wanted.includes(one);

/** A stop for the channel or for all holds; else what was said of the channel, unless a newer no was said of all. */
const agreed = (purpose: string) => sql`
  not exists (select 1 from consent_states s where s.customer = c.id and s.purpose = '*' and s.channel in ('*', a.kind)
    and s.state = 'revoked')
  and exists (select 1 from consent_states s where s.customer = c.id and s.purpose = ${purpose} and s.state = 'granted'
    and (s.channel = a.kind
      and not exists (select 1 from consent_states n where n.customer = c.id and n.purpose = ${purpose} and n.channel = '*'
        and n.state = 'revoked' and n.since >= s.since)
      or s.channel = '*'
      and not exists (select 1 from consent_states n where n.customer = c.id and n.purpose = ${purpose} and n.channel = a.kind)))`;

function conditions(segment: Segment, now: Date): RawBuilder<unknown>[] {
  const { languages, attributes, bought, notBought, leaveOutBuyersForMs, wroteWithinMs } = segment;
  const since = (ms: number) => new Date(now.getTime() - ms);
  return [
    sql`true`,
    ...(languages.length > 0 ? [speaks(languages)] : []),
    ...(Object.keys(attributes).length > 0 ? [sql`c.attributes @> ${JSON.stringify(attributes)}::jsonb`] : []),
    ...(bought ? [hasBought(bought, since(bought.withinMs))] : []),
    ...(notBought ? [sql`not ${hasBought(notBought, since(notBought.withinMs))}`] : []),
    ...(leaveOutBuyersForMs ? [sql`not ${hasBought({ products: [] }, since(leaveOutBuyersForMs))}`] : []),
    ...(wroteWithinMs ? [sql`v.last_customer_at >= ${since(wroteWithinMs)}`] : []),
  ];
}

/** `fr` takes in `fr_CA`; `fr-CA` does not take in `fr`. */
const speaks = (languages: readonly string[]) => sql`exists (
  select 1 from unnest(${languages.map((language) => language.toLowerCase().replace('_', '-'))}::text[]) l
  where replace(lower(c.locale), '_', '-') = l or starts_with(replace(lower(c.locale), '_', '-'), l || '-'))`;

/** What was cancelled or paid back was not bought. */
const hasBought = ({ products }: Pick<Purchases, 'products'>, since: Date) => sql`exists (
  select 1 from orders o where o.customer = c.id and coalesce(o.placed_at, o.updated_at) >= ${since}
    and o.state not in ('cancelled', 'refunded')
    ${products.length > 0 ? sql`and exists (select 1 from jsonb_array_elements(o.body -> 'lines') l where l ->> 'sku' = any(${[...products]}::text[]))` : sql``})`;
