/** What a shop can be told of as it happens. */
export const shopEventKinds = [
  'notice.sent',
  'notice.delivered',
  'notice.read',
  'notice.failed',
  'customer.replied',
  'consent.changed',
] as const;
export type ShopEventKind = (typeof shopEventKinds)[number];
