import { readEdit, readMessage, readUnsend } from './read-message.ts';
import * as signal from './read-signal.ts';
import type { Reader } from './wire.ts';

/** By the event's type ("Webhook event objects"; partner documentation for module channels). */
export const readers: ReadonlyMap<string, Reader> = new Map([
  ['message', readMessage],
  ['messageEdited', readEdit],
  ['unsend', readUnsend],
  ['follow', signal.readFollow],
  ['unfollow', signal.readUnfollow],
  ['postback', signal.readPostback],
  ['accountLink', signal.readAccountLink],
  ['beacon', signal.readBeacon],
  ['videoPlayComplete', signal.readVideoWatched],
  ['membership', signal.readMembership],
  ['activated', signal.readControl],
  ['deactivated', signal.readControl],
  ['botSuspended', signal.readSuspended],
  ['botResumed', signal.readResumed],
  ['module', signal.readModule],
]);
