import { asId, asRecord, asText } from '../shared/json.ts';
import { readTime } from '../shared/time.ts';
import { profileOf } from './read-person.ts';
import { fromOf, privateChat, type Reader } from './wire.ts';

/** Anything that happens in a group or channel: one event for each of them. */
export const readGroup: Reader = (content, update) => {
  const chat = asRecord(content['chat']);
  const id = asId(chat?.['id']);
  if (id === undefined || chat?.['type'] === 'private') return undefined;
  const what = asText(chat?.['type']) ?? 'group';
  return { type: 'group', to: update.to, at: readTime(content['date']), id, chat: id, what };
};

/** The bot's own place in a chat changed: a customer blocked or unblocked it, or somebody added it to a group. */
export const readMyPlace: Reader = (change, update) => {
  const status = asText(asRecord(change['new_chat_member'])?.['status']);
  const user = privateChat(asRecord(change['chat']));
  const common = { to: update.to, at: readTime(change['date']), id: update.id };
  if (user === undefined)
    return isGone(status) ? { ...common, type: 'unsupported', what: 'left a group' } : readGroup(change, update);
  const told = { ...common, from: user, details: {}, ...profileOf(fromOf(change)) };
  return isGone(status)
    ? { ...told, type: 'opt-out', what: 'blocked the bot', consent: { to: 'everything' } }
    : { ...told, type: 'opt-in', what: 'unblocked the bot', consent: { to: 'everything' } };
};

const isGone = (status: string | undefined): boolean => status === 'kicked' || status === 'left';
