import type { Channel } from '../channel.ts';
import { addressOf, type TelegramAccount, telegramAccount } from './account.ts';
import { declineGroup, showTyping } from './courtesies.ts';
import { checkHealth, checkSubscription } from './health.ts';
import { limits } from './limits.ts';
import { linkFor } from './link.ts';
import { fetchMedia } from './media.ts';
import { provision } from './provision.ts';
import { receive } from './receive.ts';
import { verifySecretToken } from './secret-token.ts';
import { send } from './send.ts';

/** Telegram: the private chats of a bot. */
export const telegram: Channel<TelegramAccount> = {
  kind: 'telegram',
  label: 'Telegram',
  account: telegramAccount,
  limits,
  addressOf,
  checksPhones: true,
  verify: (request, account) => verifySecretToken(request, account.secretToken),
  receive,
  send,
  showTyping,
  fetchMedia,
  declineGroup,
  linkFor,
  checkHealth,
  provision,
  checkSubscription,
};
