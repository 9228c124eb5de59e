import { readMessage } from './read-message.ts';
import * as signal from './read-signal.ts';
import type { Reader } from './wire.ts';

/** Which list of a change's value is read by what. A value may have several. */
export const readers: readonly (readonly [list: string, read: Reader])[] = [
  ['messages', readMessage],
  ['message_echoes', signal.readEcho],
  ['statuses', signal.readStatus],
  ['user_preferences', signal.readPreference],
  ['user_id_update', signal.readUserIdUpdate],
  ['errors', signal.readError],
  // Kept, but they hold nothing for a conversation: calls, groups the business made, what a phone held before it was connected.
  ['calls', () => undefined],
  ['groups', () => undefined],
  ['history', () => undefined],
  ['state_sync', () => undefined],
];
