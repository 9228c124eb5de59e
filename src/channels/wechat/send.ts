import type { MessageId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Outgoing, SendResult } from '../channel.ts';
import type { JsonRecord } from '../shared/json.ts';
import { plainBody } from '../shared/plain-body.ts';
import type { WeChatAccount } from './account.ts';
import { callWeChat } from './client.ts';
import { fileContent, textContent } from './message-content.ts';
import { newsContent } from './news-content.ts';
import { sendTemplate } from './send-template.ts';

/**
 * Sends one bubble ("Customer service messages"). WeChat gives it no id, takes no key against doubles, and tells nobody what
 * was sent: so the marker is its id, and a lost answer stays unsure.
 */
export async function send(outgoing: Outgoing, account: WeChatAccount, tools: Tools): Promise<SendResult> {
  const { body, to, marker } = outgoing;
  if (body.type === 'template') return sendTemplate(body, outgoing, account, tools);
  const content: Outcome<JsonRecord> =
    body.type === 'file'
      ? await fileContent(body, account, tools)
      : done(newsContent(body) ?? textContent(plainBody(body)));
  if (content.result !== 'done') return content;
  const call = {
    method: 'POST',
    path: '/cgi-bin/message/custom/send',
    body: { touser: to, ...content.value },
  } as const;
  const answer = await callWeChat(call, account, tools);
  return answer.result === 'done' ? { result: 'sent', id: marker as string as MessageId } : answer;
}
