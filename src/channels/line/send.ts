import type { messagingApi } from '@line/bot-sdk';
import type { MessageId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Outgoing, SendResult } from '../channel.ts';
import { asId, asList, asRecord, type JsonRecord } from '../shared/json.ts';
import type { LineAccount } from './account.ts';
import { callLine, type LineAnswer } from './client.ts';
import { fileMessage } from './file-message.ts';
import { flexMessage } from './flex-message.ts';
import { retryKeyOf } from './retry-key.ts';
import { textMessage } from './text-message.ts';
import { ruleFor, troubleOf, troubleOfRepeatable } from './trouble.ts';

/**
 * Sends one bubble: free of charge as an answer where there is a reply token, else, and where that token has ended, as a
 * push, which the plan counts ("Send reply message", "Send push message").
 */
export async function send(outgoing: Outgoing, account: LineAccount, tools: Tools): Promise<SendResult> {
  const message = await messageOf(outgoing, tools);
  if (message.result !== 'done') return message;
  const answered = await answer(outgoing, message.value, account, tools);
  return answered ?? push(outgoing, message.value, account, tools);
}

async function messageOf({ body, marker }: Outgoing, tools: Tools): Promise<Outcome<messagingApi.Message>> {
  if (body.type === 'template') return noTemplates;
  if (body.type === 'file') return fileMessage(body, marker, tools);
  return done(body.type === 'text' ? textMessage(body) : flexMessage(body));
}

const noTemplates = {
  result: 'never',
  why: 'LINE has no approved templates: send the words themselves.',
  code: 'no-templates',
} as const;

/** Undefined: surely not sent this way, for there is no token or it has ended. */
async function answer(
  { answerToken }: Outgoing,
  message: messagingApi.Message,
  account: LineAccount,
  tools: Tools,
): Promise<SendResult | undefined> {
  if (answerToken === undefined) return undefined;
  const body: messagingApi.ReplyMessageRequest = { replyToken: answerToken, messages: [message] };
  const ask = () => callLine({ method: 'POST', path: '/v2/bot/message/reply', body }, account, tools);
  const first = await ask();
  if (first.kind === 'success') return sentAs(first.json, first.request);
  if (tokenEnded(first)) return undefined;
  const trouble = troubleOf(first);
  if (trouble.result !== 'unsure') return trouble;
  // A token is taken once, so that asking again can say nothing twice.
  const second = await ask();
  if (second.kind === 'success') return sentAs(second.json, second.request);
  return tokenEnded(second) ? { result: 'unsure', why: perhapsTaken } : trouble;
}

const perhapsTaken =
  'LINE did not say what became of the answer, and no longer takes its reply token: probably it was sent.';

const tokenEnded = (answer: LineAnswer): boolean =>
  answer.kind === 'refusal' && ruleFor(answer.refusal)?.code === 'reply-token';

/** Under its retry key a push can be asked for again until LINE tells what became of it: 409 is the word that it was taken. */
async function push(
  outgoing: Outgoing,
  message: messagingApi.Message,
  account: LineAccount,
  tools: Tools,
): Promise<SendResult> {
  const body: messagingApi.PushMessageRequest = { to: outgoing.to, messages: [message] };
  const headers = { 'x-line-retry-key': retryKeyOf(outgoing.marker, account.id) };
  const answer = await callLine({ method: 'POST', path: '/v2/bot/message/push', body, headers }, account, tools);
  if (answer.kind === 'success') return sentAs(answer.json, answer.request);
  if (answer.kind === 'refusal' && answer.refusal.status === 409)
    return sentAs(answer.refusal.json, answer.refusal.acceptedRequest);
  return troubleOfRepeatable(answer);
}

/** The message's id; where LINE leaves it out, that of the request it took. */
function sentAs(json: JsonRecord, request: string | undefined): SendResult {
  const id = asId(asRecord(asList(json['sentMessages'])[0])?.['id']) ?? (request && `request:${request}`);
  return id === undefined || id === ''
    ? { result: 'unsure', why: 'LINE accepted the message but did not say which it became.' }
    : { result: 'sent', id: id as MessageId };
}
