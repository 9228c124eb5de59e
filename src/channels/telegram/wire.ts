import type { InboundEvent } from '../../domain/event.ts';
import type { AccountAddress, MessageId, PlatformUserId } from '../../domain/ids.ts';
import { asId, asRecord, type JsonRecord } from '../shared/json.ts';

/** What is known of an update before its kind is read. */
export interface Update {
  /** `update:` and its number: the id of events that have no better one. */
  id: string;
  to: AccountAddress;
  /** When it came in, for updates that carry no time. */
  receivedAt: Date;
}

/** Turns one kind of update into an event; undefined when it is not shaped as documented. */
export type Reader = (content: JsonRecord, update: Update) => InboundEvent | undefined;

/** A message's id is unique within its chat only. */
export function messageId(message: JsonRecord): MessageId | undefined {
  const chat = asId(asRecord(message['chat'])?.['id']);
  const id = asId(message['message_id']);
  return chat === undefined || id === undefined ? undefined : (`${chat}:${id}` as MessageId);
}

/** The customer of a private chat, whose id is the chat's; undefined for groups and channels. */
export function privateChat(chat: JsonRecord | undefined): PlatformUserId | undefined {
  if (chat?.['type'] !== 'private') return undefined;
  return asId(chat['id']) as PlatformUserId | undefined;
}

export const fromOf = (content: JsonRecord): JsonRecord | undefined =>
  asRecord(content['from']) ?? asRecord(content['user']);
