import { seconds } from '../../../domain/duration.ts';
import type { Marker, MessageId, PlatformUserId } from '../../../domain/ids.ts';
import { done, type Outcome } from '../../../domain/outcome.ts';
import { asId, asList, asRecord, asText, type JsonRecord } from '../json.ts';
import { type Conversations, troubleWith } from './conversations.ts';

export interface Sought {
  marker: Marker;
  to: PlatformUserId;
  since: Date;
  text?: string;
}

/** Our clock and Meta's may differ by this much. */
const clocksDiffer = seconds(10);
/** Of older messages the Conversations API tells no more than their ids. */
const newestWithDetails = 20;

/**
 * Looks for a message of ours in the thread itself (Messenger Platform, "Conversations API"). That API does not tell
 * the marker, so a text is known by its words and time, and a file not at all: then the echo has to decide.
 */
export async function lookUpSent(
  sought: Sought,
  conversations: Conversations,
): Promise<Outcome<MessageId | undefined>> {
  const answer = await conversations.ask(conversationCall(sought.to, conversations));
  if (answer.kind !== 'success') return troubleWith(answer, conversations);
  const messages = messagesOf(answer.json);
  if (!messages) return { result: 'unsure', why: 'Meta does not show this conversation.' };
  return decide(messages, sought, conversations.business);
}

const conversationCall = (user: PlatformUserId, { path, platform }: Conversations) =>
  ({
    method: 'GET',
    path,
    query: { platform, user_id: user, fields: 'messages{id,created_time,from,to,message,attachments}' },
  }) as const;

interface ThreadMessage {
  id: MessageId;
  at: number;
  from: string | undefined;
  text: string;
}

/** Newest first. Undefined when there is no conversation, which cannot be: the customer wrote. */
function messagesOf(json: JsonRecord): ThreadMessage[] | undefined {
  const conversation = asRecord(asList(json['data'])[0]);
  const messages = asRecord(conversation?.['messages'])?.['data'];
  return Array.isArray(messages) ? messages.map(asRecord).flatMap(messageOf) : undefined;
}

function messageOf(json: JsonRecord | undefined): ThreadMessage[] {
  const id = asId(json?.['id']);
  const at = Date.parse(asText(json?.['created_time']) ?? '');
  if (id === undefined || Number.isNaN(at)) return [];
  return [{ id: id as MessageId, at, from: asId(asRecord(json?.['from'])?.['id']), text: plain(json?.['message']) }];
}

function decide(messages: ThreadMessage[], sought: Sought, business: string): Outcome<MessageId | undefined> {
  // Times there are in whole seconds.
  const since = Math.floor(sought.since.getTime() / 1000) * 1000;
  const alike = messages.filter((message) => message.from === business && isAlike(message, sought.text));
  const after = alike.filter(({ at }) => at >= since);
  if (after.length === 1 && sought.text !== undefined) return done(after[0]!.id);
  const around = alike.filter(({ at }) => at >= since - clocksDiffer);
  if (around.length > 0) return { result: 'unsure', why: 'Several messages in the thread could be this one.' };
  return reachesBack(messages, since)
    ? done(undefined)
    : { result: 'unsure', why: 'The thread has moved on too far to tell.' };
}

/** Without a text a file was sent: then any message of the business that has no text may be it. */
const isAlike = (message: ThreadMessage, text: string | undefined): boolean =>
  text === undefined ? message.text === '' : message.text === plain(text);

const reachesBack = (messages: ThreadMessage[], since: number): boolean =>
  messages.length < newestWithDetails || messages[newestWithDetails - 1]!.at < since - clocksDiffer;

const plain = (text: unknown): string => (asText(text) ?? '').replace(/\s+/g, ' ').trim();
