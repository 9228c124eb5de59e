import { type FileFate, readableParts } from '../domain/readable-parts.ts';
import type { Database } from '../store/database.ts';
import type { Message } from '../store/messages.ts';
import { quotedText } from './quoted-text.ts';
import type { TicketWork } from './ticket-work.ts';

/** The text of a comment: each message as it reads well, with what it answers and whether it came late. */
export async function commentBody(
  work: TicketWork,
  group: readonly Message[],
  fates: ReadonlyMap<number, ReadonlyMap<number, FileFate>>,
): Promise<string> {
  const texts = await Promise.all(group.map((message) => textOf(work.world.db, message, fates.get(message.id))));
  return texts.join('\n\n');
}

async function textOf(db: Database, message: Message, fates?: ReadonlyMap<number, FileFate>): Promise<string> {
  return [
    message.author === 'inbox' ? `✍️ Sent from ${message.detail.authorName ?? 'another app'}:` : '',
    message.author === 'service' && message.kind === 'said' ? '🤖 Sent to the customer automatically:' : '',
    message.kind === 'file' ? `↪ Belongs to the message of ${time(message.at)} UTC:` : '',
    await quote(db, message),
    readableParts(message.parts, fates) || '[An empty message]',
    message.late ? lateness(message) : '',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

const time = (at: Date) => at.toISOString().slice(0, 16).replace('T', ' ');

function lateness({ at, detail }: Message): string {
  const why = detail.found ? ": no webhook came, it was found in the platform's history" : '';
  return `(sent ${time(at)} UTC, arrived late${why})`;
}

async function quote(db: Database, message: Message): Promise<string> {
  if (!message.replyTo) return '';
  const answered = await quotedText(db, message.conversation, message.replyTo);
  return answered ? `↪ In reply to “${answered}”` : '↪ In reply to an earlier message';
}
