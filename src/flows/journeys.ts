import type { Journey } from '../kit/tracer.ts';
import type { Message } from '../store/messages.ts';

const said: ReadonlySet<string> = new Set(['message', 'postback', 'echo']);

/** The journey of what an event tells; none for receipts and the like. `key` is the event's in the ledger. */
export const journeyOfEvent = (account: string, type: string, key: string): Journey[] =>
  said.has(type) ? [named(account, key.slice(type.length + 1))] : [];

/** The journeys of messages; notes of the service and files that follow have none of their own. */
export const journeysOf = (
  account: string,
  messages: readonly Pick<Message, 'id' | 'kind' | 'author' | 'platformId'>[],
) =>
  messages.flatMap(({ id, kind, author, platformId }): Journey[] => {
    if (kind !== 'said') return [];
    if (author === 'agent') return [journeyOfReply(account, id)];
    return platformId === undefined ? [] : [named(account, platformId)];
  });

/** The journey of an agent's answer, by its row in the ledger. */
export const journeyOfReply = (account: string, message: number): Journey => named(account, `reply:${message}`);

const named = (account: string, what: string) => `${account}|${what}` as Journey;
