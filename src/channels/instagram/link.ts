import type { InstagramAccount } from './account.ts';

/** The token comes back as the `ref` of a referral (Instagram Platform, "ig.me Links"). */
export const linkFor = ({ userName }: InstagramAccount, token: string) =>
  userName === undefined ? { needs: 'userName' } : { url: `https://ig.me/m/${userName}?ref=${token}` };
