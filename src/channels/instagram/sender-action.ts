import type { PlatformUserId } from '../../domain/ids.ts';
import type { Tools } from '../../kit/tools.ts';
import { callInstagram } from './access.ts';
import type { InstagramAccount } from './account.ts';

/** A courtesy: when it fails, nobody needs to know. */
const act =
  (action: 'typing_on' | 'mark_seen') =>
  async (to: PlatformUserId, account: InstagramAccount, tools: Tools): Promise<void> => {
    const body = { recipient: { id: to }, sender_action: action };
    await callInstagram({ method: 'POST', path: '/me/messages', body }, account, tools);
  };

export const showTyping = act('typing_on');
export const markSeen = act('mark_seen');
