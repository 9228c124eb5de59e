import type { Channel } from '../channel.ts';
import { addressOf, type WeChatAccount, wechatAccount } from './account.ts';
import { checkHealth } from './health.ts';
import { limits } from './limits.ts';
import { linkFor } from './link.ts';
import { fetchMedia } from './media.ts';
import { showTyping } from './presence.ts';
import { fetchProfile } from './profile.ts';
import { ourselves } from './read-event.ts';
import { receive } from './receive.ts';
import { send } from './send.ts';
import { provision } from './setup.ts';
import { listTemplates } from './templates.ts';
import { greet, verify } from './verify.ts';

/** WeChat: the chats of an Official Account (a service account). */
export const wechat: Channel<WeChatAccount> = {
  kind: 'wechat',
  label: 'WeChat',
  account: wechatAccount,
  limits,
  renewsTokens: true,
  addressOf,
  appIdOf: () => ourselves,
  verify,
  greet,
  receive,
  send,
  showTyping,
  fetchProfile,
  fetchMedia,
  listTemplates,
  linkFor,
  checkHealth,
  provision,
  takeOverHelp:
    "It is at WeChat's own agents' desk, which keeps what the customer writes until an agent there ends the session.",
};
