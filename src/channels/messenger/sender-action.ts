import type { PlatformUserId } from '../../domain/ids.ts';
import type { Tools } from '../../kit/tools.ts';
import { callGraph } from '../shared/graph/client.ts';
import { accessOf, type MessengerAccount } from './account.ts';

/** A courtesy: when it fails, nobody needs to know. */
const act =
  (action: 'typing_on' | 'mark_seen') =>
  async (to: PlatformUserId, account: MessengerAccount, tools: Tools): Promise<void> => {
    const body = { recipient: { id: to }, sender_action: action };
    await callGraph({ method: 'POST', path: `/${account.pageId}/messages`, body }, accessOf(account), tools);
  };

/** Messenger takes the dots away by itself after 20 seconds, or when a message arrives. */
export const showTyping = act('typing_on');
export const markSeen = act('mark_seen');
