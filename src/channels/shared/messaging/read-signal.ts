import type { MessageId } from '../../../domain/ids.ts';
import { asId, asList, asNumber, asText, defined, type JsonRecord, scalars, storable } from '../json.ts';
import { believableTime } from '../time.ts';
import { referralOf } from './read-referral.ts';
import type { Item, Reader } from './wire.ts';

/** Everything a webhook tells that is no message. */

export const readPostback: Reader = (postback, item) => {
  if (item.customer === undefined) return undefined;
  const button = defined({ title: asText(postback['title']), payload: asText(postback['payload']) });
  const mid = asId(postback['mid']);
  const referral = referralOf(postback['referral']);
  return {
    type: 'postback',
    from: item.customer,
    parts: [{ type: 'button', ...button }],
    ...(button.payload === undefined ? {} : { payload: button.payload }),
    ...(mid === undefined ? {} : { id: mid }),
    ...(referral ? { referral } : {}),
  };
};

export const readReferral: Reader = (json, item) => {
  const referral = referralOf(json);
  return item.customer === undefined || !referral ? undefined : { type: 'referral', from: item.customer, referral };
};

/** A plugin's checkbox comes without a sender: only `user_ref`, the value our own page gave it. */
export const readOptIn: Reader = (optin, item) => {
  const userRef = asId(optin['user_ref']);
  const what = asText(optin['type']) ?? (userRef === undefined ? 'plugin' : 'checkbox');
  const consent = what === 'notification_messages' ? ({ to: 'marketing' } as const) : undefined;
  if (consent && item.customer !== undefined && /^STOP/.test(asText(optin['notification_messages_status']) ?? ''))
    return { type: 'opt-out', from: item.customer, what: 'notifications stopped', details: scalars(optin), consent };
  return {
    type: 'opt-in',
    what,
    details: scalars(optin),
    ...defined({ consent, timeZone: asText(optin['notification_messages_timezone']) }),
    ...defined({ userRef, ref: asText(optin['ref']) }),
    ...sender(item),
  };
};

export const readDelivery: Reader = (delivery, item) => {
  if (item.customer === undefined) return undefined;
  const of = asList(delivery['mids'])
    .map(asId)
    .filter((mid) => mid !== undefined) as MessageId[];
  return { type: 'receipt', from: item.customer, state: 'delivered', of, ...upTo(delivery) };
};

export const readRead: Reader = (read, item) => {
  if (item.customer === undefined) return undefined;
  const mid = asId(read['mid']) as MessageId | undefined;
  const of = mid === undefined ? [] : [mid];
  return { type: 'receipt', from: item.customer, state: 'read', of, ...upTo(read) };
};

export const readReaction: Reader = (reaction, item) => {
  const of = asId(reaction['mid']) as MessageId | undefined;
  const action = reaction['action'];
  if (item.customer === undefined || of === undefined || (action !== 'react' && action !== 'unreact')) return undefined;
  const looks = defined({ emoji: asText(reaction['emoji']), name: asText(reaction['reaction']) });
  return { type: 'reaction', from: item.customer, of, action, ...looks };
};

/** One message may be edited five times, each an event of its own. */
export const readEdit: Reader = (edit, item) => {
  const of = asId(edit['mid']) as MessageId | undefined;
  if (item.customer === undefined || of === undefined) return undefined;
  const edits = asNumber(edit['num_edit']);
  return {
    type: 'edit',
    from: item.customer,
    of,
    parts: [{ type: 'text', text: asText(edit['text']) ?? '' }],
    ...(edits === undefined ? {} : { edits, id: `${of}#${edits}` }),
  };
};

export const readAccountLink: Reader = (link, item) => {
  const { status } = link;
  if (item.customer === undefined || (status !== 'linked' && status !== 'unlinked')) return undefined;
  const code = asText(link['authorization_code']);
  return {
    type: 'account-link',
    from: item.customer,
    linked: status === 'linked',
    ...(code === undefined ? {} : { code }),
  };
};

export const readPolicy: Reader = (policy) => {
  const action = asText(policy['action']);
  const why = asText(policy['reason']);
  return action === undefined ? undefined : { type: 'policy', action, ...(why === undefined ? {} : { why }) };
};

export const handover =
  (what: string): Reader =>
  (control, item) => ({ type: 'handover', what, details: scalars(control), ...sender(item) });

/** By app id, the roles it has now. */
export const readAppRoles: Reader = (roles, item) => {
  const details = Object.entries(roles).map(([app, list]) => [storable(app), asList(list).map(asId).join(', ')]);
  return { type: 'handover', what: 'app_roles', details: Object.fromEntries(details), ...sender(item) };
};

const sender = (item: Item) => (item.customer === undefined ? {} : { from: item.customer });

function upTo(receipt: JsonRecord): { upTo?: Date } {
  const watermark = believableTime(receipt['watermark']);
  return watermark ? { upTo: watermark } : {};
}
