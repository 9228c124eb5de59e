import type { EventOf, InboundEvent } from '../../../domain/event.ts';
import type { AccountAddress, PlatformUserId } from '../../../domain/ids.ts';
import { done, type Outcome } from '../../../domain/outcome.ts';
import type { HistoryPage } from '../../channel.ts';
import type { GraphAnswer } from '../graph/client.ts';
import { asId, asRecord, asRecords, asText, type JsonRecord } from '../json.ts';
import { type Conversations, troubleWith } from './conversations.ts';
import { asWebhookItem } from './history-item.ts';
import { receiveOne } from './receive-messaging.ts';

const conversationsAPage = 20;
/** Meta shows the 20 newest messages of a conversation, and of older ones only id and time; more than these are not asked for. */
const messagesAConversation = 60;

/** The documentation's example; what it says without is asked for as well, unless Meta does not know it. */
const surely = 'id,created_time,from,to,message,attachments';
const probably = `${surely},sticker,shares`;

/** Meta's own history of a business's conversations, latest change first (Messenger Platform, "Conversations API"). */
export async function readHistory(
  conversations: Conversations,
  since: Date,
  page?: string,
): Promise<Outcome<HistoryPage>> {
  const ask = (fields: string) => conversations.ask(historyCall(conversations, fields, page));
  const full = await ask(probably);
  const answer = isUnknownField(full) ? await ask(surely) : full;
  if (answer.kind !== 'success') return troubleWith(answer, conversations);
  return done(pageOf(answer.json, conversations, since));
}

const historyCall = ({ path, platform }: Conversations, fields: string, page: string | undefined) =>
  ({
    method: 'GET',
    canWait: true,
    path,
    query: {
      platform,
      limit: String(conversationsAPage),
      fields: `updated_time,participants,messages.limit(${messagesAConversation}){${fields}}`,
      ...(page === undefined ? {} : { after: page }),
    },
  }) as const;

const isUnknownField = (answer: GraphAnswer): boolean =>
  answer.kind === 'refusal' && answer.refusal.code === 100 && answer.refusal.subcode === undefined;

function pageOf(json: JsonRecord, conversations: Conversations, since: Date): HistoryPage {
  const listed = asRecords(json['data']);
  const changedAt = timeOf(listed.at(-1)?.['updated_time']);
  const events = listed.flatMap((conversation) => eventsOf(conversation, conversations, wholeSecond(since)));
  const next = nextOf(json);
  const more = next !== undefined && (changedAt === undefined || changedAt >= wholeSecond(since));
  return { events, ...(more ? { next } : {}), ...(changedAt ? { changedAt } : {}) };
}

/** There is a next page where there is a link to it; its cursor is enough, for the link holds the token. */
function nextOf(json: JsonRecord): string | undefined {
  const paging = asRecord(json['paging']);
  return asText(paging?.['next']) && asText(asRecord(paging?.['cursors'])?.['after']);
}

function eventsOf(conversation: JsonRecord, conversations: Conversations, since: Date): InboundEvent[] {
  const { business } = conversations;
  const changed = timeOf(conversation['updated_time']);
  const user = customerOf(conversation, business);
  if ((changed && changed < since) || user === undefined) return [];
  const messages = asRecord(conversation['messages']);
  const listed = asRecords(messages?.['data']);
  const recent = listed.filter((message) => (timeOf(message['created_time']) ?? since) >= since);
  const events = recent.map((message) => eventOf(message, user, conversations)).reverse();
  const cut = recent.length === listed.length && listed.length > 0 && messages !== undefined && nextOf(messages);
  return cut ? [notShown(`before ${events[0]!.id}`, user, business, since), ...events] : events;
}

function customerOf(conversation: JsonRecord, business: string): PlatformUserId | undefined {
  const people = asRecords(asRecord(conversation['participants'])?.['data']).map((person) => asId(person['id']));
  return people.find((id) => id !== undefined && id !== business) as PlatformUserId | undefined;
}

function eventOf(message: JsonRecord, user: PlatformUserId, { business, dialect }: Conversations): InboundEvent {
  const item = asWebhookItem(message, user, business);
  const at = timeOf(message['created_time']) ?? new Date(0);
  if (!item) return notShown(asId(message['id']) ?? '', user, business, at);
  return { ...receiveOne(item, business, dialect), found: 'history' };
}

const notShown = (id: string, from: PlatformUserId, business: string, at: Date): EventOf<'missed'> => ({
  type: 'missed',
  to: business as AccountAddress,
  id,
  from,
  at,
  found: 'history',
});

/** `2026-11-25T17:04:05+0000`. */
function timeOf(value: unknown): Date | undefined {
  const ms = Date.parse(asText(value) ?? '');
  return Number.isNaN(ms) ? undefined : new Date(ms);
}

/** Times there are in whole seconds. */
const wholeSecond = (time: Date): Date => new Date(Math.floor(time.getTime() / 1000) * 1000);
