import type { Channel } from '../channel.ts';
import { addressOf, type LineAccount, lineAccount } from './account.ts';
import { declineGroup } from './decline-group.ts';
import { checkHealth, checkSubscription } from './health.ts';
import { limits } from './limits.ts';
import { linkFor } from './link.ts';
import { fetchMedia } from './media.ts';
import { showTyping } from './presence.ts';
import { fetchProfile } from './profile.ts';
import { receive } from './receive.ts';
import { send } from './send.ts';
import { provision } from './setup.ts';
import { verify } from './verify.ts';

/** LINE: the one-to-one chats of a LINE Official Account. */
export const line: Channel<LineAccount> = {
  kind: 'line',
  label: 'LINE',
  account: lineAccount,
  limits,
  addressOf,
  verify,
  receive,
  send,
  showTyping,
  fetchProfile,
  fetchMedia,
  declineGroup,
  linkFor,
  checkHealth,
  checkSubscription,
  provision,
};
