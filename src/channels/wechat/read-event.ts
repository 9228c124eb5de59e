import type { ReceiptState } from '../../domain/event.ts';
import type { MessageId, PlatformUserId } from '../../domain/ids.ts';
import { defined, type JsonRecord } from '../shared/json.ts';
import { pickedParts } from './read-message.ts';
import { group, groups, type Item, type Told, text, word } from './wire.ts';

/** An event of a person: those of nobody are only kept. */
type Reader = (item: Item, from: PlatformUserId) => Told | Told[];

/** By `Event` ("Receiving event pushes", "Custom menu events", "Template messages", "Subscription notifications"). */
const personal: Readonly<Record<string, Reader>> = {
  subscribe: ({ fields, key }, from) => ({
    type: 'opt-in',
    from,
    what: 'subscribe',
    details: defined({ ticket: word(fields, 'Ticket') }) as Record<string, string>,
    consent: { to: 'everything' },
    ...defined({ ref: key?.replace(/^qrscene_/, '') }),
  }),
  unsubscribe: (_item, from) => ({
    type: 'opt-out',
    from,
    what: 'unsubscribe',
    details: {},
    consent: { to: 'everything' },
  }),
  user_authorization_cancellation: (_item, from) => ({
    type: 'opt-out',
    from,
    what: 'WeChat account closed',
    details: {},
    consent: { to: 'everything' },
  }),
  SCAN: ({ key }, from) => ({
    type: 'referral',
    from,
    referral: { source: 'QR code', type: 'SCAN', ...defined({ ref: key }) },
  }),
  VIEW: opened,
  view_miniprogram: opened,
  CLICK: tapped,
  scancode_push: tapped,
  scancode_waitmsg: tapped,
  // The pictures and the place follow as messages of their own.
  pic_sysphoto: tapped,
  pic_photo_or_album: tapped,
  pic_weixin: tapped,
  location_select: tapped,
  TEMPLATESENDJOBFINISH: ({ fields }, from) => receipt(fields, from, text(fields, 'Status'), 'delivered'),
  MASSSENDJOBFINISH: ({ fields }, from) => receipt(fields, from, text(fields, 'Status'), 'sent'),
  subscribe_msg_popup_event: ({ fields }, from) => consents(group(fields, 'SubscribeMsgPopupEvent'), from),
  subscribe_msg_change_event: ({ fields }, from) => consents(group(fields, 'SubscribeMsgChangeEvent'), from),
  subscribe_msg_sent_event: ({ fields }, from) =>
    groups(group(fields, 'SubscribeMsgSentEvent'), 'List').map((sent) =>
      receipt(sent, from, text(sent, 'ErrorStatus'), 'delivered'),
    ),
  kf_create_session: ({ fields }, from) => handover(from, 'kf_create_session', word(fields, 'KfAccount')),
  kf_switch_session: ({ fields }, from) => handover(from, 'kf_switch_session', word(fields, 'ToKfAccount')),
  kf_close_session: (_item, from) => handover(from, 'kf_close_session', ourselves),
};

/** What WeChat decides about the account itself. */
const aboutAccount = new Set([
  'qualification_verify_success',
  'qualification_verify_fail',
  'naming_verify_success',
  'naming_verify_fail',
  'annual_renew',
  'verify_expired',
]);

/** Who owns a conversation that WeChat's own agents' desk gave back. */
export const ourselves = 'passerelle';

/** Usually one; several where one webhook lists several templates. What is not known is kept as such. */
export function readEvent(item: Item): Told[] {
  const { event, fields, customer } = item;
  if (aboutAccount.has(event))
    return [{ type: 'policy', action: event, ...defined({ why: text(fields, 'FailReason') }) }];
  const read = Object.hasOwn(personal, event) ? personal[event]! : undefined;
  const told = read && customer !== undefined ? [read(item, customer)].flat() : [];
  return told.length > 0
    ? told
    : [{ type: 'unsupported', what: `event.${event || 'unnamed'}`, ...defined({ from: customer }) }];
}

/** A menu entry that does something here. */
function tapped(item: Item, from: PlatformUserId): Told {
  const { key, event } = item;
  const button = key === undefined ? { title: event } : { payload: key };
  return {
    type: 'postback',
    from,
    parts: [{ type: 'button', ...button }, ...pickedParts(item)],
    ...defined({ payload: key }),
  };
}

/** A menu entry that opens a page or a mini program: no word to us. */
function opened({ key, event }: Item, from: PlatformUserId): Told {
  return { type: 'referral', from, referral: { source: 'menu', type: event, ...defined({ url: key, ref: key }) } };
}

const wentWell = /^(?:success|send ?success|accept)/i;

function receipt(fields: JsonRecord, from: PlatformUserId, status: string | undefined, good: ReceiptState): Told {
  const of = word(fields, 'MsgID') ?? word(fields, 'MsgId');
  const failed = !wentWell.test(status ?? 'success');
  return {
    type: 'receipt',
    from,
    state: failed ? 'failed' : good,
    of: of === undefined ? [] : [of as MessageId],
    ...(failed ? { why: whyFailed(status ?? '') } : {}),
    part: of ?? '',
  };
}

function whyFailed(status: string): string {
  if (/user ?block/i.test(status)) return 'The customer refuses messages of this account.';
  return `WeChat reports: ${status}.`;
}

/** Consent to notifications, template by template. One that is withdrawn ends only that notification, so it is merely kept. */
function consents(list: JsonRecord | undefined, from: PlatformUserId): Told[] {
  return groups(list, 'List').map((each): Told => {
    const template = word(each, 'TemplateId') ?? '';
    const status = word(each, 'SubscribeStatusString') ?? '';
    const part = `${template}:${status}`;
    return wentWell.test(status)
      ? { type: 'opt-in', from, what: 'notification', details: { template, status }, part }
      : { type: 'unsupported', from, what: `notification ${status}`, part };
  });
}

const handover = (from: PlatformUserId, what: string, owner: string | undefined): Told => ({
  type: 'handover',
  from,
  what,
  details: defined({ new_owner_app_id: owner }) as Record<string, string>,
});
