import type { MessageId } from '../../domain/ids.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import * as shared from '../shared/messaging/look-up-sent.ts';
import type { MessengerAccount } from './account.ts';
import { conversationsOf } from './conversations.ts';

export const lookUpSent = (
  sought: shared.Sought,
  account: MessengerAccount,
  tools: Tools,
): Promise<Outcome<MessageId | undefined>> => shared.lookUpSent(sought, conversationsOf(account, tools));
