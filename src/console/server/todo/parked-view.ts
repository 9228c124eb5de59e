import type { ParkedDetail } from '../../../flows/describe-parked.ts';
import type { Queryable } from '../../../store/database.ts';
import type { Parked } from '../../../store/parked.ts';
import type { ParkedLine, ParkedView } from '../../wire/todo.ts';
import { type Places, ticketUrl } from '../conversations/places.ts';

export function parkedLine(places: Places, helpdesks: ReadonlyMap<number, string>, parked: Parked): ParkedLine {
  const { id, what, account, kind, reason, attempts, replays } = parked;
  const helpdesk = parked.message === undefined ? undefined : helpdesks.get(parked.message);
  return {
    ...{ id, what, account, kind, reason, attempts, replays },
    target: parked.target ?? null,
    conversation: parked.conversation ?? null,
    message: parked.message ?? null,
    author: parked.author ?? null,
    ticket:
      parked.ticket === undefined
        ? null
        : { number: parked.ticket, url: helpdesk ? ticketUrl(places, helpdesk, parked.ticket) : null },
    at: parked.at.toISOString(),
    parkedAt: parked.parkedAt.toISOString(),
  };
}

export const parkedView = (line: ParkedLine, { advice, text, bubbles }: ParkedDetail): ParkedView => ({
  ...line,
  advice,
  text: text ?? null,
  unsure: bubbles.filter(({ state }) => state === 'unsure').length,
});

/** On whose tickets messages are. */
export async function helpdesksOf(db: Queryable, items: readonly Parked[]): Promise<Map<number, string>> {
  const messages = items.flatMap(({ message }) => message ?? []);
  if (messages.length === 0) return new Map();
  const rows = await db
    .selectFrom('messages as m')
    .innerJoin('tickets as t', 't.id', 'm.ticket')
    .select(['m.id', 't.helpdesk'])
    .where('m.id', 'in', messages)
    .execute();
  return new Map(rows.map(({ id, helpdesk }) => [id, helpdesk]));
}
