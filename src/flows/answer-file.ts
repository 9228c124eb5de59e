import { hours } from '../domain/duration.ts';
import type { Mapping } from '../domain/mapping.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import type { FailedMedia } from '../store/media.ts';
import type { Message } from '../store/messages.ts';
import { saidIn } from './draft-ticket.ts';
import { automaticContext, sendAutomatically } from './send-automatically.ts';
import type { ConnectedChannel, World } from './world.ts';

/** A file that was tried for longer is told on the ticket alone. */
const lately = hours(1);

/** In the transaction that gives a file up: its customer is told, once a day, where the mapping has a text for it. */
export async function answerFile(
  tx: Tx,
  { queue, tools }: Pick<World, 'queue' | 'tools'>,
  mapping: Mapping,
  { connected, conversation, message }: { connected: ConnectedChannel; conversation: Conversation; message: Message },
  failed: FailedMedia,
): Promise<void> {
  const now = tools.clock.now();
  const { fileTooLarge, fileRefused } = mapping.automaticTexts;
  const tooLarge = failed.code === 'too-large';
  const template = tooLarge ? fileTooLarge : fileRefused;
  const isOld = now.getTime() - message.at.getTime() > lately;
  if (!template || message.author !== 'customer' || message.detail.quiet || isOld) return;
  const context = {
    ...automaticContext(mapping, connected, conversation, saidIn([message]), now),
    file: { name: failed.name, reason: failed.reason },
  };
  const key = `${tooLarge ? 'file-too-large' : 'file-refused'}:${now.toISOString().slice(0, 10)}`;
  const at = new Date(Math.max(now.getTime(), message.at.getTime() + 1));
  await sendAutomatically(tx, { queue, log: tools.log }, connected, conversation, { template, key, context, at });
}
