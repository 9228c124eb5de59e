import type { MessengerAccount } from './account.ts';

/**
 * The token comes back as the `ref` of a referral, of a Get Started or of the first message (Messenger Platform, "m.me
 * Links"). Not every client of Messenger passes it on.
 */
export const linkFor = ({ pageId }: MessengerAccount, token: string) => ({
  url: `https://m.me/${pageId}?ref=${token}`,
});
