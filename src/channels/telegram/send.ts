import type { MessageId, PlatformUserId } from '../../domain/ids.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Choice, Outgoing, SendResult } from '../channel.ts';
import { asRecord } from '../shared/json.ts';
import { withoutForms } from '../shared/plain-body.ts';
import type { TelegramAccount } from './account.ts';
import { type BotAnswer, callBot, troubleOf } from './client.ts';
import { limits, longestPayload } from './limits.ts';
import { sendFile } from './send-file.ts';
import { messageId } from './wire.ts';

/** Sends one bubble (Telegram Bot API, "sendMessage" and "Sending files"). There is nothing that would find it again. */
export async function send(outgoing: Outgoing, account: TelegramAccount, tools: Tools): Promise<SendResult> {
  const body = withoutForms(outgoing.body);
  if (body.type === 'template') return noTemplates;
  const common = { chat_id: outgoing.to, ...quoting(outgoing) };
  if (body.type === 'file') return resultOf(await sendFile(body, common, account, tools));
  const markup = body.choices?.length ? { reply_markup: keyboardOf(body.choices) } : {};
  return resultOf(await callBot('sendMessage', { ...common, text: body.text, ...markup }, account, tools));
}

const noTemplates: SendResult = { result: 'never', why: 'Telegram has no approved templates.', code: 'no-templates' };

/** Only a message of the same chat can be quoted; one that is gone is left out. */
function quoting({ to, replyTo }: { to: PlatformUserId; replyTo?: MessageId }) {
  const [chat, id] = (replyTo ?? '').split(':');
  return chat === to && id ? { reply_parameters: { message_id: Number(id), allow_sending_without_reply: true } } : {};
}

const keyboardOf = (choices: readonly Choice[]) => ({
  inline_keyboard: choices.slice(0, limits.choices.most).map((choice) => [buttonOf(choice)]),
});

function buttonOf(choice: Choice) {
  const text = cut(choice.title, limits.choices.titleLength, (piece) => piece.length);
  return 'url' in choice
    ? { text, url: choice.url }
    : { text, callback_data: cut(choice.payload, longestPayload, Buffer.byteLength) };
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** As much of a text as fits, measured as told, without tearing a grapheme. */
function cut(text: string, most: number, measure: (piece: string) => number): string {
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (measure(kept + segment) > most) break;
    kept += segment;
  }
  return kept;
}

function resultOf(answer: BotAnswer | Extract<SendResult, { result: 'never' }>): SendResult {
  if ('result' in answer && !('kind' in answer)) return answer;
  if (answer.kind !== 'success') return troubleOf(answer);
  const id = messageId(asRecord(answer.result) ?? {});
  return id === undefined
    ? { result: 'unsure', why: 'Telegram accepted the message but did not say which it became.' }
    : { result: 'sent', id };
}
