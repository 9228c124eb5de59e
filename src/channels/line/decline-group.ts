import type { messagingApi } from '@line/bot-sdk';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { LineAccount } from './account.ts';
import { callLine } from './client.ts';
import { troubleOfRepeatable } from './trouble.ts';

/**
 * Says once that groups are not served, where a reply token makes it free (a push would be counted for every member), and
 * leaves ("Leave group chat", "Leave multi-person chat").
 */
export async function declineGroup(
  { chat, answerToken }: { chat: string; answerToken?: string },
  account: LineAccount,
  tools: Tools,
): Promise<Outcome<void>> {
  if (answerToken !== undefined) {
    const messages: messagingApi.Message[] = [{ type: 'text', text: account.groupAnswer }];
    const body: messagingApi.ReplyMessageRequest = { replyToken: answerToken, messages };
    await callLine({ method: 'POST', path: '/v2/bot/message/reply', body }, account, tools);
  }
  const answer = await callLine({ method: 'POST', path: `${pathOf(chat)}/leave` }, account, tools);
  // 400 and 404: the account is in it no longer.
  const gone = answer.kind === 'refusal' && [400, 404].includes(answer.refusal.status);
  return answer.kind === 'success' || gone ? done(undefined) : troubleOfRepeatable(answer);
}

/** Ids of rooms begin with R, those of groups with C. */
const pathOf = (chat: string): string => `/v2/bot/${/^r/i.test(chat) ? 'room' : 'group'}/${encodeURIComponent(chat)}`;
