import type { Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { HistoryPage } from '../channel.ts';
import * as shared from '../shared/messaging/read-history.ts';
import type { MessengerAccount } from './account.ts';
import { conversationsOf } from './conversations.ts';

export const readHistory = (
  account: MessengerAccount,
  since: Date,
  tools: Tools,
  page?: string,
): Promise<Outcome<HistoryPage>> => shared.readHistory(conversationsOf(account, tools), since, page);
