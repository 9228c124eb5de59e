import { z } from 'zod';
import { mayRole } from '../../../domain/console-role.ts';
import { readableParts } from '../../../domain/readable-parts.ts';
import {
  type ConversationFilter,
  conversationStates,
  type FoundConversation,
  type FoundMessage,
  findConversations,
  findWords,
} from '../../../store/search-conversations.ts';
import { searched } from '../../../store/search-customers.ts';
import type { ConversationChoices, ConversationLine, FoundWords } from '../../wire/conversations.ts';
import { oneMore, pageOf, readCursor } from '../cursor.ts';
import { type Answer, type Endpoint, endpoint, fine } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';
import { channelOf, type Places, targetsOf, ticketLink } from './places.ts';

const limit = 25;
const longestText = 160;

const filter = z.object({
  q: z.string().trim().max(200).default(''),
  channel: z.string().max(40).optional(),
  account: z.string().max(80).optional(),
  state: z.enum(conversationStates).optional(),
  work: z.enum(['waiting', 'parked']).optional(),
  customer: z.coerce.number().int().positive().optional(),
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
  cursor: z.string().max(300).optional(),
});
type Filter = z.infer<typeof filter>;

export const noCursor: Answer = { status: 400, detail: 'query.cursor: none of ours' };
export const tooMuch: Answer = {
  status: 422,
  detail: 'too much is found by that to be shown in time; search for more words or narrow it',
};

type Parts = Pick<ConsoleParts, 'db' | 'mapping'>;

export const listEndpoints = ({ db, mapping: places }: Parts): Endpoint[] => [
  endpoint({
    method: 'get',
    path: '/conversations',
    may: 'conversations.read',
    query: filter,
    handle: async ({ query, person }) => {
      const after = query.cursor === undefined ? undefined : placeIn(query.cursor);
      if (query.cursor !== undefined && !after) return noCursor;
      const wanted = filterOf(places, query);
      const rows = await searched(db, (tx) => findConversations(tx, wanted, targetsOf(places), oneMore(limit), after));
      const mayRead = mayRole(person.role, 'text.read');
      return rows
        ? fine(
            pageOf(
              rows,
              limit,
              (row) => lineOf(places, row, mayRead),
              ({ place, id }) => [place, id],
            ),
          )
        : tooMuch;
    },
  }),
  endpoint({
    method: 'get',
    path: '/conversations/words',
    may: 'text.read',
    query: filter,
    handle: async ({ query }) => {
      const [before] = query.cursor === undefined ? [undefined] : (readCursor(query.cursor, 1) ?? ['none']);
      if (typeof before === 'string') return noCursor;
      const wanted = filterOf(places, query);
      const rows = await searched(db, (tx) => findWords(tx, query.q, wanted, oneMore(limit), before));
      return rows ? fine(pageOf(rows, limit, wordsLine, ({ id }) => [id])) : tooMuch;
    },
  }),
  endpoint({
    method: 'get',
    path: '/conversations/choices',
    may: 'conversations.read',
    handle: async () => fine(choicesOf(places)),
  }),
];

function placeIn(cursor: string): [string, number] | undefined {
  const [at, id] = readCursor(cursor, 2) ?? [];
  return typeof at === 'string' && !Number.isNaN(Date.parse(at)) && Number.isSafeInteger(id)
    ? [at, id as number]
    : undefined;
}

function filterOf(places: Places, { q, channel, account, state, work, customer, since, until }: Filter) {
  const ofChannel = [...places.channels].filter(([, each]) => each.channel.kind === channel).map(([id]) => id);
  const accounts = account === undefined ? (channel === undefined ? undefined : ofChannel) : [account];
  return {
    ...{ state, work, customer, accounts, meant: q === '' ? undefined : q },
    since: since === undefined ? undefined : new Date(since),
    until: until === undefined ? undefined : new Date(until),
  } satisfies ConversationFilter;
}

function lineOf(places: Places, row: FoundConversation, mayRead: boolean): ConversationLine {
  return {
    id: row.id,
    account: row.account,
    channel: channelOf(places, row.account),
    platformUser: row.platform_user,
    customer: row.customer,
    name: row.name,
    latest: row.latest.toISOString(),
    ticket: row.ticket && ticketLink(places, row.ticket),
    last: mayRead && row.last ? { author: row.last.author, text: shortened(row.last.parts) } : null,
    waiting: row.waiting,
    parked: row.parked,
  };
}

const shortened = (parts: FoundMessage['parts']): string => {
  const text = readableParts(parts);
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
};

const wordsLine = ({ id, conversation, account, name, author, occurred_at, parts }: FoundMessage): FoundWords => ({
  ...{ message: id, conversation, account, name, author, at: occurred_at.toISOString(), text: shortened(parts) },
});

function choicesOf({ channels }: Places): ConversationChoices {
  const all = [...channels.values()];
  const kinds = new Map(all.map(({ channel }) => [channel.kind, channel.label]));
  return {
    channels: [...kinds].map(([kind, label]) => ({ kind, label })),
    accounts: all.map(({ channel, account }) => ({ id: account.id, kind: channel.kind })),
  };
}
