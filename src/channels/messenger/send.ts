import type { MessageId } from '../../domain/ids.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Outgoing, OutgoingBody, SendResult, TemplateBody } from '../channel.ts';
import { callGraph, type GraphAnswer } from '../shared/graph/client.ts';
import { troubleOf } from '../shared/graph/trouble.ts';
import { asText, type JsonRecord } from '../shared/json.ts';
import { cardContent, receiptContent } from '../shared/messaging/rich-content.ts';
import { plainBody } from '../shared/plain-body.ts';
import { accessOf, type MessengerAccount } from './account.ts';
import { limits } from './limits.ts';
import { type AttachmentType, uploadFile } from './upload.ts';

type QuickReply = { content_type: 'text'; title: string; payload: string };
type Content =
  | { text: string; quick_replies?: QuickReply[] }
  | { attachment: { type: AttachmentType; payload: { attachment_id: string } } }
  | JsonRecord;

/** Sends one bubble (Messenger Platform, "Send API"). A file is uploaded first, which nobody sees. */
export async function send(outgoing: Outgoing, account: MessengerAccount, tools: Tools): Promise<SendResult> {
  const { body } = outgoing;
  if (body.type !== 'file') return contentSent(outgoing, body, account, tools);
  const uploaded = await uploadFile(body, account, tools);
  if (uploaded.result !== 'done') return uploaded;
  const { type, id } = uploaded.value;
  return post(outgoing, { attachment: { type, payload: { attachment_id: id } } }, account, tools);
}

async function contentSent(
  outgoing: Outgoing,
  body: Exclude<OutgoingBody, { type: 'file' }>,
  account: MessengerAccount,
  tools: Tools,
): Promise<SendResult> {
  if (body.type === 'template')
    return body.header ? noFiles : post(outgoing, { template: utilityTemplate(body) }, account, tools);
  const rich = body.type === 'card' ? cardContent(body) : body.type === 'receipt' ? receiptContent(body) : undefined;
  return post(outgoing, rich ?? textOf(plainBody(body)), account, tools);
}

const noFiles: SendResult = { result: 'never', why: 'Messenger’s templates hold no files: send the file by itself.' };

/** "Utility messages": words that Meta approved, sent at any time. */
const utilityTemplate = ({ name, language, parameters, names }: TemplateBody): JsonRecord => ({
  name,
  language: { code: language },
  ...(parameters.length > 0
    ? {
        components: [
          {
            type: 'body',
            parameters: parameters.map((text, i) => ({
              type: 'text',
              text,
              ...(names?.[i] ? { parameter_name: names[i] } : {}),
            })),
          },
        ],
      }
    : {}),
});

/** Links stand under the text as they are: a quick reply cannot open one. */
function textOf({ text, choices = [] }: Extract<OutgoingBody, { type: 'text' }>): Content {
  const links = choices.flatMap((choice) => ('url' in choice ? [`${choice.title}: ${choice.url}`] : []));
  const replies = choices.flatMap((choice): QuickReply[] =>
    'payload' in choice
      ? [{ content_type: 'text', title: shortened(choice.title), payload: choice.payload.slice(0, 1_000) }]
      : [],
  );
  return {
    text: [text, ...links].join('\n'),
    ...(replies.length > 0 ? { quick_replies: replies.slice(0, limits.choices.most) } : {}),
  };
}

/** Cut between code points, so that no emoji is torn. */
const shortened = (title: string): string => [...title].slice(0, limits.choices.titleLength).join('');

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

const rightOf = ({ right }: Outgoing) => {
  if (right === 'human-agent') return { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' };
  return { messaging_type: right === 'template' ? 'UTILITY' : 'RESPONSE' };
};

function resultOf(answer: GraphAnswer): SendResult {
  if (answer.kind !== 'success') return troubleOf(answer);
  const id = asText(answer.json['message_id']);
  return id === undefined
    ? { result: 'unsure', why: 'Meta accepted the message but did not say which it became.' }
    : { result: 'sent', id: id as MessageId };
}
