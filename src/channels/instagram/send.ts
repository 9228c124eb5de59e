import type { MessageId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Choice, Outgoing, OutgoingBody, SendResult } from '../channel.ts';
import { troubleOf } from '../shared/graph/trouble.ts';
import { asText } from '../shared/json.ts';
import { cardContent } from '../shared/messaging/rich-content.ts';
import { plainBody } from '../shared/plain-body.ts';
import { shortened } from '../shared/shortened.ts';
import { callInstagram } from './access.ts';
import type { InstagramAccount } from './account.ts';
import { instagramErrors } from './error-rules.ts';
import { fileContent } from './file-content.ts';
import { limits } from './limits.ts';

type Content = Record<string, unknown>;
type Recipient = { id: string } | { comment_id: string };

/** Sends one bubble (Instagram Platform, "Send messages"). */
export async function send(outgoing: Outgoing, account: InstagramAccount, tools: Tools): Promise<SendResult> {
  const content = await contentOf(outgoing, account, tools);
  if (content.result !== 'done') return content;
  const { answerToken } = outgoing;
  if (answerToken !== undefined && outgoing.body.type === 'text') {
    const answered = await post({ comment_id: answerToken }, outgoing, content.value, account, tools);
    // A comment can be answered once, and for a week; a chat that is open already needs no comment.
    if (answered.result !== 'never') return answered;
  }
  return post({ id: outgoing.to }, outgoing, content.value, account, tools);
}

async function contentOf({ body }: Outgoing, account: InstagramAccount, tools: Tools): Promise<Outcome<Content>> {
  if (body.type === 'template') return noTemplates;
  if (body.type === 'file') return fileContent(body, account, tools);
  const card = body.type === 'card' ? cardContent(body) : undefined;
  return done(card ?? textContent(plainBody(body)));
}

const noTemplates = {
  result: 'never',
  why: 'Instagram has no approved templates: send the words themselves.',
  code: 'no-templates',
} as const;

/** Links stand under the text as they are, for a quick reply cannot open one. */
function textContent({ text, choices = [] }: Extract<OutgoingBody, { type: 'text' }>): Content {
  const replies = choices.flatMap(quickReply).slice(0, limits.choices.most);
  const links = choices.flatMap((choice) => ('url' in choice ? [`${choice.title}: ${choice.url}`] : []));
  return { text: [text, ...links].join('\n'), ...(replies.length > 0 ? { quick_replies: replies } : {}) };
}

const quickReply = (choice: Choice) =>
  'payload' in choice
    ? [
        {
          content_type: 'text',
          title: shortened(choice.title, limits.choices.titleLength),
          payload: choice.payload.slice(0, 1_000),
        },
      ]
    : [];

async function post(
  recipient: Recipient,
  outgoing: Outgoing,
  message: Content,
  account: InstagramAccount,
  tools: Tools,
): Promise<SendResult> {
  const body = {
    recipient,
    // A comment's window is its own.
    ...(outgoing.right === 'human-agent' && 'id' in recipient
      ? { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }
      : {}),
    message,
    ...(outgoing.replyTo === undefined ? {} : { reply_to: { mid: outgoing.replyTo } }),
  };
  const answer = await callInstagram({ method: 'POST', path: '/me/messages', body }, account, tools);
  if (answer.kind !== 'success') return troubleOf(answer, instagramErrors);
  const id = asText(answer.json['message_id']);
  return id === undefined
    ? { result: 'unsure', why: 'Meta accepted the message but did not say which it became.' }
    : { result: 'sent', id: id as MessageId };
}
