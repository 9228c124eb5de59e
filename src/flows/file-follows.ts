import { conversationKey } from '../domain/conversation-key.ts';
import { provisionalName } from '../domain/file-name.ts';
import { isMedia, type Part } from '../domain/part.ts';
import type { Queue } from '../queue/queue.ts';
import type { LedgerComment } from '../store/comments.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { expectMedia, stillWaits } from '../store/media.ts';
import { addDeliveries, addMessage, type Message, messageByPlatformId, messagesByIds } from '../store/messages.ts';
import type { FileRef } from './ticket-work.ts';
import { type ConnectedChannel, crmOf, helpdeskOf } from './world.ts';

/** Notes the files of a message that was just written, and wakes whoever copies them. */
export async function expectFiles(tx: Tx, queue: Queue, message: number, parts: readonly Part[]): Promise<void> {
  const files = parts.flatMap((part, position) =>
    isMedia(part) ? [{ position, name: provisionalName(part, position) }] : [],
  );
  if (files.length === 0) return;
  await expectMedia(tx, message, files);
  await queue.wake(tx, [{ queue: 'media', key: String(message) }]);
}

/** The one message a late file travels by, however often it is noticed. */
const followUpId = ({ message, position }: FileRef) => `file:${message}:${position}`;

/**
 * In the transaction that notes a comment as written: each file it said would follow becomes a message of its own, to the
 * same ticket. It has nowhere to go until the file has ended one way or the other.
 */
export async function filesFollow(
  tx: Tx,
  connected: ConnectedChannel,
  comment: LedgerComment,
  files: readonly FileRef[],
): Promise<void> {
  for (const file of files) {
    const waits = await stillWaits(tx, file.message, file.position);
    const [message] = await messagesByIds(tx, [file.message]);
    const there = message?.parts[file.position];
    if (message && there && isMedia(there))
      await addFollowUp(tx, message, file, comment.ticket, waits ? [] : targetsOf(connected));
  }
}

const targetsOf = (connected: ConnectedChannel) => [helpdeskOf(connected), crmOf(connected)];

async function addFollowUp(
  tx: Tx,
  message: Message,
  file: FileRef,
  ticket: number | undefined,
  targets: Parameters<typeof addMessage>[2],
): Promise<void> {
  const { conversation, author, at, parts, detail } = message;
  const part = parts[file.position];
  await addMessage(
    tx,
    {
      conversation,
      kind: 'file',
      author,
      platformId: followUpId(file),
      ...(ticket === undefined ? {} : { ticket }),
      parts: part ? [part] : [],
      detail: { ...(detail.authorName ? { authorName: detail.authorName } : {}), fileOf: file },
      at,
    },
    targets,
  );
}

/**
 * In the transaction that ends the wait for a file: if its comment went without it, it sets out now. Without a helpdesk
 * only history is to be told.
 */
export async function fileEnded(
  tx: Tx,
  queue: Queue,
  connected: ConnectedChannel,
  conversation: Conversation,
  message: Message,
  position: number,
): Promise<void> {
  const file = { message: message.id, position };
  if (!helpdeskOf(connected)) {
    await addFollowUp(tx, message, file, undefined, [crmOf(connected)]);
    await queue.wake(tx, [{ queue: 'history', key: String(conversation.id) }]);
    return;
  }
  const followUp = await messageByPlatformId(tx, conversation.id, followUpId(file));
  if (!followUp) return;
  await addDeliveries(tx, followUp, targetsOf(connected));
  const key = conversationKey(connected.account.id, conversation.platformUser);
  await queue.wake(tx, [{ queue: 'conversation', key }]);
}
