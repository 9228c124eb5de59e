import type { InboundEvent } from '../../domain/event.ts';
import type { AccountAddress } from '../../domain/ids.ts';
import type { VerifiedRequest } from '../../kit/webhook.ts';
import type { Received, WebhookAnswer } from '../channel.ts';
import { asId, asRecord, asText, type JsonRecord, parseJson, storable } from '../shared/json.ts';
import { readTime } from '../shared/time.ts';
import { addressOf, type TelegramAccount } from './account.ts';
import { readMyPlace } from './read-chat.ts';
import { readEdit, readMessage, readReaction, readTap } from './read-message.ts';
import { privateChat, type Reader, type Update } from './wire.ts';

/** By the key that names an update's kind (Telegram Bot API, "Update"); every other kind is kept as unsupported. */
const readers: ReadonlyMap<string, Reader> = new Map([
  ['message', readMessage],
  ['edited_message', readEdit],
  ['channel_post', readMessage],
  ['edited_channel_post', readEdit],
  ['callback_query', readTap],
  ['message_reaction', readReaction],
  ['my_chat_member', readMyPlace],
]);

/** One update is one event. */
export function receive(request: VerifiedRequest, account?: TelegramAccount): Received {
  const json = parsed(request.body);
  const updateId = asId(json?.['update_id']);
  if (json === undefined) return { malformed: 'the body is not a JSON object' };
  if (updateId === undefined) return { malformed: 'the body has no "update_id"' };
  const update: Update = {
    id: `update:${updateId}`,
    to: (account ? addressOf(account) : '') as AccountAddress,
    receivedAt: request.receivedAt ?? new Date(0),
  };
  const answer = answerTo(json);
  return { events: [eventOf(json, update)], ...(answer ? { answer } : {}) };
}

function eventOf(json: JsonRecord, update: Update): InboundEvent {
  for (const [key, read] of readers) {
    const content = asRecord(json[key]);
    const event = content && read(content, update);
    if (event) return event;
  }
  return notUnderstood(json, update);
}

/** Whoever did it is named only where it surely happened in their chat with the bot. */
function notUnderstood(json: JsonRecord, { id, to, receivedAt }: Update): InboundEvent {
  const what = Object.keys(json).find((key) => key !== 'update_id') ?? 'empty';
  const content = asRecord(json[what]) ?? {};
  const from = readers.has(what) ? privateChat(asRecord(content['chat'])) : undefined;
  const at = content['date'] === undefined ? receivedAt : readTime(content['date']);
  return { type: 'unsupported', to, at, id, what: storable(what), ...(from === undefined ? {} : { from }) };
}

/**
 * A tapped button shows that it waits until its query is answered, and an answer to a webhook may be a call of a method
 * (Telegram Bot API, "Making requests when getting updates"). Without one, a plain 200.
 */
function answerTo(json: JsonRecord): WebhookAnswer | undefined {
  const id = asText(asRecord(json['callback_query'])?.['id']);
  if (id === undefined) return undefined;
  const body = JSON.stringify({ method: 'answerCallbackQuery', callback_query_id: id });
  return { status: 200, contentType: 'application/json', body };
}

function parsed(body: Buffer): JsonRecord | undefined {
  try {
    return asRecord(parseJson(body.toString('utf8')));
  } catch {
    return undefined;
  }
}
