import type { LinkWanted } from '../channel.ts';
import { isReachable, type SmsAccount } from './account.ts';

/** Opens the phone's own app with the token in the text (RFC 5724). Only a number can be written to. */
export const linkFor = ({ from }: SmsAccount, token: string, { greeting }: Pick<LinkWanted, 'greeting'>) =>
  from === undefined || !isReachable(from)
    ? { needs: 'from' }
    : { url: `sms:${from}?body=${encodeURIComponent(`${greeting} ${token}`)}` };
