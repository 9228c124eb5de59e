import type { messagingApi } from '@line/bot-sdk';
import type { PlatformUserId } from '../../domain/ids.ts';
import type { Tools } from '../../kit/tools.ts';
import type { LineAccount } from './account.ts';
import { callLine } from './client.ts';
import { typingShown } from './limits.ts';

/** Three dots ("Display a loading animation"): seen only while the customer has the chat open. */
export async function showTyping(to: PlatformUserId, account: LineAccount, tools: Tools): Promise<void> {
  const body: messagingApi.ShowLoadingAnimationRequest = { chatId: to, loadingSeconds: typingShown / 1000 };
  await callLine({ method: 'POST', path: '/v2/bot/chat/loading/start', body }, account, tools);
}
