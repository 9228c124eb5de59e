import type { ReceiptState } from '../../domain/event.ts';
import type { MessageId, PlatformUserId } from '../../domain/ids.ts';
import { asId, asList, asRecord, asText, defined, type JsonRecord, scalars } from '../shared/json.ts';
import { reasonOf } from './error-rules.ts';
import { partsOf } from './read-parts.ts';
import { type Reader, whoIs } from './wire.ts';

/** Everything a webhook tells that is no message of a customer's. */

/** A voice message that was played has been read. */
const states: Readonly<Record<string, ReceiptState>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  played: 'read',
  failed: 'failed',
};

/** Told once for each state of a message; what becomes of calls and in groups is no receipt of ours. */
export const readStatus: Reader = (status, { contacts }) => {
  const word = asText(status['status']) ?? '';
  const state = Object.hasOwn(states, word) ? states[word] : undefined;
  const of = asId(status['id']) as MessageId | undefined;
  if (of === undefined || !state || status['type'] === 'call' || status['recipient_type'] === 'group') return undefined;
  const who = whoIs({ phone: status['recipient_id'], scoped: status['recipient_user_id'] }, contacts);
  if (!who) return undefined;
  const marker = asText(status['biz_opaque_callback_data']);
  return {
    type: 'receipt',
    id: `${of}:${word}`,
    from: who.from,
    ...(who.aliases ? { aliases: who.aliases } : {}),
    state,
    of: [of],
    ...(state === 'failed' ? { why: whyFailed(status), ...codeOf(status) } : {}),
    ...defined({ marker }),
  };
};

const whyFailed = (status: JsonRecord): string => reasonOf(asRecord(asList(status['errors'])[0]));

const codeOf = (status: JsonRecord): { code?: string } =>
  defined({ code: asId(asRecord(asList(status['errors'])[0])?.['code']) });

/** What somebody typed in the WhatsApp Business app, where the number is in both. Later edits of it are only kept. */
export const readEcho: Reader = (echo, { to, contacts }) => {
  if (echo['type'] === 'edit' || echo['type'] === 'revoke') return undefined;
  const who = whoIs({ phone: echo['to'], scoped: echo['to_user_id'], parent: echo['to_parent_user_id'] }, contacts);
  const id = asId(echo['id']) as MessageId | undefined;
  if (!who || id === undefined) return undefined;
  const replyTo = asId(asRecord(echo['context'])?.['id']) as MessageId | undefined;
  return {
    type: 'echo',
    id,
    from: to,
    user: who.from,
    parts: partsOf(echo),
    ...(who.aliases ? { aliases: who.aliases } : {}),
    ...(replyTo === undefined ? {} : { replyTo }),
  };
};

/** The customer stops or resumes what the business sends them as advertising. */
export const readPreference: Reader = (preference, { contacts }) => {
  const who = whoIs({ phone: preference['wa_id'], scoped: preference['user_id'] }, contacts);
  if (!who) return undefined;
  const what = asText(preference['category']) ?? 'preference';
  const told = { ...who, what, details: scalars(preference) };
  const consent = { to: 'marketing' } as const;
  if (preference['value'] === 'stop') return { type: 'opt-out', ...told, consent };
  return { type: 'opt-in', ...told, ...(preference['value'] === 'resume' ? { consent } : {}) };
};

/** The business-scoped id of somebody was made anew. Where no number is told, it is their name with us. */
export const readUserIdUpdate: Reader = (update) => {
  const scoped = asRecord(update['user_id']);
  const previous = asId(scoped?.['previous']);
  const current = asId(scoped?.['current']);
  const phone = asId(update['wa_id']);
  if (current === undefined) return undefined;
  if (phone !== undefined)
    return { type: 'identity', from: phone as PlatformUserId, aliases: { 'business-scoped-id': current } };
  return previous === undefined
    ? undefined
    : { type: 'identity', from: previous as PlatformUserId, now: current as PlatformUserId };
};

/** Beside or instead of messages: something went wrong with the account or the system. */
export const readError: Reader = (error) => ({
  type: 'policy',
  action: `error.${asId(error['code']) ?? 'without a code'}`,
  ...defined({ why: asText(error['title']) ?? asText(error['message']) }),
});
