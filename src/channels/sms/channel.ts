import type { PlatformUserId } from '../../domain/ids.ts';
import type { Channel } from '../channel.ts';
import { addressOf, type SmsAccount, smsAccount } from './account.ts';
import { checkHealth, checkSubscription } from './health.ts';
import { limits } from './limits.ts';
import { linkFor } from './link.ts';
import { lookUpSent } from './look-up-sent.ts';
import { fetchMedia } from './media.ts';
import { answersItself } from './opt-out.ts';
import { provision } from './provision.ts';
import { readHistory } from './read-history.ts';
import { receive } from './receive.ts';
import { send } from './send.ts';
import { verifySignature } from './signature.ts';

/** SMS and MMS by Twilio: the conversations of a number, short code or messaging service. */
export const sms: Channel<SmsAccount> = {
  kind: 'sms',
  label: 'SMS',
  account: smsAccount,
  limits,
  addressOf,
  checksPhones: true,
  optOutCodes: { '21610': 'everything' },
  answersItself,
  addressOfPhone: (phone) => phone as PlatformUserId,
  verify: (request, account) => verifySignature(request, account.authToken),
  receive,
  send,
  fetchMedia,
  lookUpSent,
  actsWithin: (account) => account.actsWithin,
  linkFor,
  checkHealth,
  provision,
  readHistory,
  checkSubscription,
};
