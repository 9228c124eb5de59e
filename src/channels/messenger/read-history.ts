import type { EventOf, InboundEvent } from '../../domain/event.ts';
import type { AccountAddress, PlatformUserId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { HistoryPage } from '../channel.ts';
import { callGraph, type GraphAnswer } from '../shared/graph/client.ts';
import { asId, asRecord, asRecords, asText, type JsonRecord } from '../shared/graph/json.ts';
import { troubleOfHarmless } from '../shared/graph/trouble.ts';
import { accessOf, type MessengerAccount } from './account.ts';
import { asWebhookItem } from './history-item.ts';
import { receiveOne } from './receive.ts';

const conversationsAPage = 20;
/** Meta shows the 20 newest messages of a conversation, and of older ones only id and time; more than these are not asked for. */
const messagesAConversation = 60;

/** The documentation's example; what it says without is asked for as well, unless Meta does not know it. */
const surely = 'id,created_time,from,to,message,attachments';
const probably = `${surely},sticker,shares`;

/** Meta's own history of the page's conversations, latest change first (Messenger Platform, "Conversations API"). */
export async function readHistory(
  account: MessengerAccount,
  since: Date,
  tools: Tools,
  page?: string,
): Promise<Outcome<HistoryPage>> {
  const ask = (fields: string) => callGraph(historyCall(account, fields, page), accessOf(account), tools);
  const full = await ask(probably);
  const answer = isUnknownField(full) ? await ask(surely) : full;
  if (answer.kind !== 'success') return troubleOfHarmless(answer);
  return done(pageOf(answer.json, account.pageId, since));
}

const historyCall = (account: MessengerAccount, fields: string, page: string | undefined) =>
  ({
    method: 'GET',
    canWait: true,
    path: `/${account.pageId}/conversations`,
    query: {
      platform: 'messenger',
      limit: String(conversationsAPage),
      fields: `updated_time,participants,messages.limit(${messagesAConversation}){${fields}}`,
      ...(page === undefined ? {} : { after: page }),
    },
  }) as const;

const isUnknownField = (answer: GraphAnswer): boolean =>
  answer.kind === 'refusal' && answer.refusal.code === 100 && answer.refusal.subcode === undefined;

function pageOf(json: JsonRecord, page: string, since: Date): HistoryPage {
  const listed = asRecords(json['data']);
  const changedAt = timeOf(listed.at(-1)?.['updated_time']);
  const events = listed.flatMap((conversation) => eventsOf(conversation, page, wholeSecond(since)));
  const next = nextOf(json);
  const more = next !== undefined && (changedAt === undefined || changedAt >= wholeSecond(since));
  return { events, ...(more ? { next } : {}), ...(changedAt ? { changedAt } : {}) };
}

/** There is a next page where there is a link to it; its cursor is enough, for the link holds the token. */
function nextOf(json: JsonRecord): string | undefined {
  const paging = asRecord(json['paging']);
  return asText(paging?.['next']) && asText(asRecord(paging?.['cursors'])?.['after']);
}

function eventsOf(conversation: JsonRecord, page: string, since: Date): InboundEvent[] {
  const changed = timeOf(conversation['updated_time']);
  const user = customerOf(conversation, page);
  if ((changed && changed < since) || user === undefined) return [];
  const messages = asRecord(conversation['messages']);
  const listed = asRecords(messages?.['data']);
  const recent = listed.filter((message) => (timeOf(message['created_time']) ?? since) >= since);
  const events = recent.map((message) => eventOf(message, user, page)).reverse();
  const cut = recent.length === listed.length && listed.length > 0 && messages !== undefined && nextOf(messages);
  return cut ? [notShown(`before ${events[0]!.id}`, user, page, since), ...events] : events;
}

function customerOf(conversation: JsonRecord, page: string): PlatformUserId | undefined {
  const people = asRecords(asRecord(conversation['participants'])?.['data']).map((person) => asId(person['id']));
  return people.find((id) => id !== undefined && id !== page) as PlatformUserId | undefined;
}

function eventOf(message: JsonRecord, user: PlatformUserId, page: string): InboundEvent {
  const item = asWebhookItem(message, user, page);
  const at = timeOf(message['created_time']) ?? new Date(0);
  if (!item) return notShown(asId(message['id']) ?? '', user, page, at);
  return { ...receiveOne(item, page), found: 'history' };
}

const notShown = (id: string, from: PlatformUserId, page: string, at: Date): EventOf<'missed'> => ({
  type: 'missed',
  to: page as AccountAddress,
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
