import type { MessageId } from '../../domain/ids.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Outgoing, SendResult } from '../channel.ts';
import { callGraph, type GraphAnswer } from '../shared/graph/client.ts';
import { asText } from '../shared/graph/json.ts';
import { troubleOf } from '../shared/graph/trouble.ts';
import { accessOf, type MessengerAccount } from './account.ts';
import { type AttachmentType, uploadFile } from './upload.ts';

type Content = { text: string } | { attachment: { type: AttachmentType; payload: { attachment_id: string } } };

/** Sends one bubble (Messenger Platform, "Send API"). A file is uploaded first, which nobody sees. */
export async function send(outgoing: Outgoing, account: MessengerAccount, tools: Tools): Promise<SendResult> {
  if (outgoing.body.type === 'text') return post(outgoing, { text: outgoing.body.text }, account, tools);
  const uploaded = await uploadFile(outgoing.body, account, tools);
  if (uploaded.result !== 'done') return uploaded;
  const { type, id } = uploaded.value;
  return post(outgoing, { attachment: { type, payload: { attachment_id: id } } }, account, tools);
}

async function post(outgoing: Outgoing, content: Content, account: MessengerAccount, tools: Tools) {
  const body = {
    recipient: { id: outgoing.to },
    ...rightOf(outgoing),
    message: { ...content, metadata: outgoing.marker },
    ...(outgoing.replyTo === undefined ? {} : { reply_to: { mid: outgoing.replyTo } }),
  };
  const call = { method: 'POST', path: `/${account.pageId}/messages`, body } as const;
  return resultOf(await callGraph(call, accessOf(account), tools));
}

const rightOf = ({ right }: Outgoing) =>
  right === 'human-agent' ? { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' } : { messaging_type: 'RESPONSE' };

function resultOf(answer: GraphAnswer): SendResult {
  if (answer.kind !== 'success') return troubleOf(answer);
  const id = asText(answer.json['message_id']);
  return id === undefined
    ? { result: 'unsure', why: 'Meta accepted the message but did not say which it became.' }
    : { result: 'sent', id: id as MessageId };
}
