import type { InboundEvent, Referral } from '../../domain/event.ts';
import type { Part } from '../../domain/part.ts';
import { asNumber, asRecord, asText, type JsonRecord } from '../shared/json.ts';
import { readTime } from '../shared/time.ts';
import { readGroup } from './read-chat.ts';
import { partsOf } from './read-parts.ts';
import { profileOf } from './read-person.ts';
import { fromOf, messageId, privateChat, type Reader, type Update } from './wire.ts';

/** Keys every message may have; any other one says what it is about. */
const addressing = new Set(
  (
    'message_id message_thread_id direct_messages_topic from sender_chat sender_boost_count sender_business_bot date ' +
    'business_connection_id chat reply_to_message external_reply quote reply_to_story reply_to_checklist_task_id via_bot ' +
    'edit_date has_protected_content is_from_offline is_paid_post media_group_id author_signature paid_star_count ' +
    'link_preview_options effect_id reply_markup show_caption_above_media has_media_spoiler is_topic_message ' +
    'is_automatic_forward entities caption_entities'
  ).split(' '),
);

/** Notices of the chat itself, which nobody said (Telegram Bot API, "Message": service messages). */
const notices = new Set(
  (
    'pinned_message message_auto_delete_timer_changed chat_background_set write_access_allowed connected_website ' +
    'boost_added new_chat_members left_chat_member new_chat_title new_chat_photo delete_chat_photo users_shared ' +
    'chat_shared successful_payment refunded_payment proximity_alert_triggered video_chat_scheduled ' +
    'video_chat_started video_chat_ended video_chat_participants_invited giveaway_created giveaway giveaway_winners ' +
    'giveaway_completed passport_data gift unique_gift chat_owner_left chat_owner_changed'
  ).split(' '),
);

/** What somebody wrote to the bot. In groups it is not served. */
export const readMessage: Reader = (message, update) => {
  const user = privateChat(asRecord(message['chat']));
  if (user === undefined) return readGroup(message, update);
  const id = messageId(message);
  if (id === undefined) return undefined;
  const common = { ...at(message, update), from: user, ...profileOf(fromOf(message), message) };
  const notice = Object.keys(message).find((key) => notices.has(key));
  if (notice !== undefined) return { ...common, type: 'unsupported', id, what: notice };
  return { ...common, type: 'message', id, parts: neverEmpty(message), ...repliedTo(message), ...referralOf(message) };
};

/** The new content of a message. A live place is sent anew every few seconds, which is no news for anybody. */
export const readEdit: Reader = (message, update) => {
  const user = privateChat(asRecord(message['chat']));
  if (user === undefined) return readGroup(message, update);
  const of = messageId(message);
  if (of === undefined) return undefined;
  const common = { to: update.to, at: readTime(message['edit_date'], message['date']), from: user, id: update.id };
  if (message['location'] !== undefined) return { ...common, type: 'unsupported', what: 'live location' };
  return { ...common, type: 'edit', of, parts: neverEmpty(message) };
};

const at = (message: JsonRecord, { to }: Update) => ({ to, at: readTime(message['date']) });

function neverEmpty(message: JsonRecord): Part[] {
  const parts = partsOf(message);
  if (parts.length > 0) return parts;
  const what = Object.keys(message).find((key) => !addressing.has(key));
  return [{ type: 'unsupported', what: asText(what) ?? 'message without content' }];
}

function repliedTo(message: JsonRecord) {
  const replied = asRecord(message['reply_to_message']);
  const replyTo = replied && messageId({ chat: message['chat'], message_id: replied['message_id'] });
  return replyTo === undefined ? {} : { replyTo };
}

/** `https://t.me/{bot}?start={payload}` arrives as a command (Telegram, "Deep linking"). */
function referralOf(message: JsonRecord): { referral?: Referral } {
  const payload = /^\/start(?:@\w+)? ([\w-]{1,512})\s*$/.exec(asText(message['text']) ?? '')?.[1];
  return payload === undefined ? {} : { referral: { ref: payload, source: 't.me' } };
}

/** A button under one of our messages was tapped. Telegram does not say when. */
export const readTap: Reader = (query, update): InboundEvent | undefined => {
  const message = asRecord(query['message']);
  const id = asText(query['id']);
  if (id === undefined) return undefined;
  const chat = asRecord(message?.['chat']);
  const user = privateChat(chat);
  if (user === undefined) return chat === undefined ? undefined : readGroup(message!, update);
  const payload = asText(query['data']);
  const title = payload === undefined ? undefined : titleOf(message!, payload);
  const button: Part = {
    type: 'button',
    ...(title === undefined ? {} : { title }),
    ...(payload === undefined ? {} : { payload }),
  };
  return {
    type: 'postback',
    to: update.to,
    at: update.receivedAt,
    id,
    from: user,
    parts: [button],
    ...(payload === undefined ? {} : { payload }),
    ...profileOf(fromOf(query)),
  };
};

/** What stands on the button that sends this payload. */
function titleOf(message: JsonRecord, payload: string): string | undefined {
  const rows = asRecord(message['reply_markup'])?.['inline_keyboard'];
  const buttons = Array.isArray(rows) ? rows.flat().map(asRecord) : [];
  return asText(buttons.find((button) => button?.['callback_data'] === payload)?.['text']);
}

/** A reaction to a message. Told are the old ones and the new ones. */
export const readReaction: Reader = (reaction, update) => {
  const user = privateChat(asRecord(reaction['chat']));
  if (user === undefined) return readGroup(reaction, update);
  const of = messageId(reaction);
  if (of === undefined) return undefined;
  const [now, before] = [lastOf(reaction['new_reaction']), lastOf(reaction['old_reaction'])];
  const emoji = asText((now ?? before)?.['emoji']);
  return {
    type: 'reaction',
    to: update.to,
    at: readTime(asNumber(reaction['date'])),
    id: update.id,
    from: user,
    of,
    action: now === undefined ? 'unreact' : 'react',
    ...(emoji === undefined ? { name: 'custom emoji' } : { emoji }),
  };
};

const lastOf = (list: unknown): JsonRecord | undefined => (Array.isArray(list) ? asRecord(list.at(-1)) : undefined);
