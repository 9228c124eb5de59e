import { type FileFate, readableParts } from '../domain/readable-parts.ts';
import type { Database } from '../store/database.ts';
import type { Message } from '../store/messages.ts';
import { quoted } from './quoted-text.ts';
import type { MadeOf, TicketWork } from './ticket-work.ts';

type Pieces = MadeOf['pieces'];
type Fates = ReadonlyMap<number, FileFate>;

/** The text of a comment: each message as it reads well, with what it answers and whether it came late; and which of it is whose. */
export async function commentBody(
  work: TicketWork,
  group: readonly Message[],
  fates: ReadonlyMap<number, Fates>,
): Promise<{ body: string; pieces: Pieces }> {
  const texts = await Promise.all(group.map((message) => textOf(work.world.db, message, fates.get(message.id))));
  let body = '';
  const pieces: Pieces = [];
  for (const [n, { text, quote }] of texts.entries()) {
    const from = n === 0 ? 0 : body.length + between.length;
    body = n === 0 ? text : body + between + text;
    pieces.push({ message: group[n]!.id, from, to: body.length });
    if (quote) pieces.push({ message: quote.message, from: from + quote.from, to: from + quote.to });
  }
  return { body, pieces };
}

const between = '\n\n';

async function textOf(
  db: Database,
  message: Message,
  fates?: Fates,
): Promise<{ text: string; quote?: Pieces[number] }> {
  const before = linesOf(
    message.author === 'inbox' ? `✍️ Sent from ${message.detail.authorName ?? 'another app'}:` : '',
    message.author === 'agent'
      ? `📤 Sent to the customer from the app by ${message.detail.authorName ?? 'an agent'}:`
      : '',
    message.author === 'service' && message.kind === 'said' ? '🤖 Sent to the customer automatically:' : '',
    message.author === 'shop' ? '🛍 Sent to the customer by the shop:' : '',
    message.kind === 'file' ? `↪ Belongs to the message of ${time(message.at)} UTC:` : '',
  );
  const answers = await answered(db, message);
  const text = linesOf(
    before,
    answers.line,
    readableParts(message.parts, fates) || '[An empty message]',
    message.late ? lateness(message) : '',
  );
  if (answers.of === undefined) return { text };
  const from = before === '' ? 0 : before.length + 1;
  return { text, quote: { message: answers.of, from, to: from + answers.line.length } };
}

const linesOf = (...lines: string[]) => lines.filter((line) => line !== '').join('\n');

const time = (at: Date) => at.toISOString().slice(0, 16).replace('T', ' ');

function lateness({ at, detail }: Message): string {
  const why = detail.found ? ": no webhook came, it was found in the platform's history" : '';
  return `(sent ${time(at)} UTC, arrived late${why})`;
}

async function answered(db: Database, message: Message): Promise<{ line: string; of?: number }> {
  if (!message.replyTo) return { line: '' };
  const found = await quoted(db, message.conversation, message.replyTo);
  if (!found?.text) return { line: '↪ In reply to an earlier message' };
  return { line: `↪ In reply to “${found.text}”`, of: found.message };
}
