import type { MessageId } from '../../domain/ids.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { HistoryPage } from '../channel.ts';
import type { Conversations } from '../shared/messaging/conversations.ts';
import * as shared from '../shared/messaging/look-up-sent.ts';
import * as history from '../shared/messaging/read-history.ts';
import { callInstagram } from './access.ts';
import type { InstagramAccount } from './account.ts';
import { instagramErrors } from './error-rules.ts';
import { dialect } from './receive.ts';

/** The account's threads (Instagram Platform, "Conversations API"). */
const conversationsOf = (account: InstagramAccount, tools: Tools): Conversations => ({
  path: '/me/conversations',
  platform: 'instagram',
  business: account.accountId,
  dialect,
  errors: instagramErrors,
  ask: (call) => callInstagram(call, account, tools),
});

/** Instagram tells a marker nowhere: a text is known by its words and time. */
export const lookUpSent = (
  sought: shared.Sought,
  account: InstagramAccount,
  tools: Tools,
): Promise<Outcome<MessageId | undefined>> => shared.lookUpSent(sought, conversationsOf(account, tools));

export const readHistory = (
  account: InstagramAccount,
  since: Date,
  tools: Tools,
  page?: string,
): Promise<Outcome<HistoryPage>> => history.readHistory(conversationsOf(account, tools), since, page);
