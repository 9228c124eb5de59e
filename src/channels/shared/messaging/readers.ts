import { readCart, readMessage } from './read-message.ts';
import * as signal from './read-signal.ts';
import type { Reader } from './wire.ts';

/** By the key that names an item's kind, in the order they are looked for (Messenger Platform, "Webhook Events"). */
export const readers: ReadonlyMap<string, Reader> = new Map([
  ['message', readMessage],
  ['order', readCart],
  ['postback', signal.readPostback],
  ['referral', signal.readReferral],
  ['optin', signal.readOptIn],
  ['delivery', signal.readDelivery],
  ['read', signal.readRead],
  ['reaction', signal.readReaction],
  ['message_edit', signal.readEdit],
  ['account_linking', signal.readAccountLink],
  ['policy_enforcement', signal.readPolicy],
  // The documentation's older spelling.
  ['policy-enforcement', signal.readPolicy],
  ['pass_thread_control', signal.handover('pass_thread_control')],
  ['take_thread_control', signal.handover('take_thread_control')],
  ['request_thread_control', signal.handover('request_thread_control')],
  ['app_roles', signal.readAppRoles],
]);
