import type { Tools } from '../../kit/tools.ts';
import { callGraph } from '../shared/graph/client.ts';
import { messengerErrors } from '../shared/graph/error-rules.ts';
import type { Conversations } from '../shared/messaging/conversations.ts';
import { accessOf, type MessengerAccount } from './account.ts';
import { dialect } from './receive.ts';

/** The page's threads (Messenger Platform, "Conversations API"). */
export const conversationsOf = (account: MessengerAccount, tools: Tools): Conversations => ({
  path: `/${account.pageId}/conversations`,
  platform: 'messenger',
  business: account.pageId,
  dialect,
  errors: messengerErrors,
  ask: (call) => callGraph(call, accessOf(account), tools),
});
