import { minutes } from '../../domain/duration.ts';
import type { InboundEvent, ReceiptState } from '../../domain/event.ts';
import type { MessageId, PlatformUserId } from '../../domain/ids.ts';
import { asNumber } from '../shared/json.ts';
import { ruleFor } from './error-rules.ts';
import type { Form } from './form.ts';
import type { Place } from './place.ts';

/** What each status of an outgoing message means (Twilio, "Messages resource: message status values"). */
const states: Readonly<Record<string, ReceiptState>> = {
  accepted: 'sent',
  scheduled: 'sent',
  queued: 'sent',
  sending: 'sent',
  sent: 'sent',
  partially_delivered: 'sent',
  delivered: 'delivered',
  read: 'read',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
};

/** A status callback. They may arrive in any order; whoever keeps them ranks them. */
export function readStatus(
  form: Form,
  sid: string,
  status: string,
  place: Place,
  marker: string | undefined,
): InboundEvent {
  const to = form.get('To') as PlatformUserId | undefined;
  const id = `${sid}:${status}`;
  const state = Object.hasOwn(states, status) ? states[status] : undefined;
  if (state === undefined || to === undefined)
    return { ...place, type: 'unsupported', id, what: `status ${status}`, ...(to === undefined ? {} : { from: to }) };
  return {
    ...place,
    at: deliveryTime(form.get('RawDlrDoneDate'), place.at),
    type: 'receipt',
    id,
    from: to,
    state,
    of: [sid as MessageId],
    ...(marker === undefined ? {} : { marker }),
    ...(state === 'failed' ? { why: whyOf(form, status), ...codeOf(form) } : {}),
  };
}

const codeOf = (form: Form): { code?: string } => {
  const code = asNumber(form.get('ErrorCode'));
  return code === undefined ? {} : { code: String(code) };
};

function whyOf(form: Form, status: string): string {
  const code = asNumber(form.get('ErrorCode'));
  if (code !== undefined) return `${ruleFor(code).why} (error ${code})`;
  return status === 'canceled' ? 'The message was cancelled at Twilio.' : 'The message was not delivered.';
}

/**
 * When the phone company says it was, else on arrival. Its time, YYMMDDhhmm in UTC, is often told to the minute only;
 * within that minute the arrival is nearer.
 */
function deliveryTime(text: string | undefined, arrival: Date): Date {
  const told = rawTime(text);
  const since = arrival.getTime() - (told?.getTime() ?? 0);
  return told === undefined || (since >= 0 && since < minutes(1)) ? arrival : told;
}

function rawTime(text: string | undefined): Date | undefined {
  const match = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?$/.exec(text ?? '');
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map((digits) => Number(digits ?? 0));
  const at = new Date(Date.UTC(2000 + year!, month! - 1, day, hour, minute, second));
  return at.getUTCMonth() === month! - 1 && at.getUTCDate() === day ? at : undefined;
}
