/**
 * How we know a fact about a customer (an e-mail, a phone, who they are at the shop), from weak to strong:
 * - `stated`: they wrote it in the chat or tapped a quick reply that held it.
 * - `platform`: their profile on the platform says so.
 * - `shop-api`: the shop told us through our API, without the customer taking part.
 * - `platform-phone`: the platform knows them by that phone and checked that it is theirs.
 * - `verified-code`: they repeated a code that was mailed to that address.
 * - `signed-link`: they opened a link that the shop gave to this one customer.
 * - `admin`: a person at the company set it.
 * A link that a matching rule made is as strong as the fact it matched by.
 */
export const evidences = [
  'stated',
  'platform',
  'shop-api',
  'platform-phone',
  'verified-code',
  'signed-link',
  'admin',
] as const;
export type Evidence = (typeof evidences)[number];

export const isEnough = (evidence: Evidence, needed: Evidence): boolean =>
  evidences.indexOf(evidence) >= evidences.indexOf(needed);
export const stronger = (a: Evidence, b: Evidence): Evidence => (isEnough(a, b) ? a : b);
