import { seconds } from '../../domain/duration.ts';
import type { Marker, MessageId, PlatformUserId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import { asList, asNumber, asRecord, asText, type JsonRecord } from '../shared/json.ts';
import type { SmsAccount } from './account.ts';
import { callTwilio, ofAccount, troubleOfHarmless } from './client.ts';

export interface Sought {
  marker: Marker;
  to: PlatformUserId;
  since: Date;
  text?: string;
}

/** Our clock and Twilio's may differ by this much. */
const clocksDiffer = seconds(10);
const pageSize = 50;

/**
 * Looks for a message of ours in the list of those sent to this number (Twilio, "Messages resource: read multiple"). The
 * list does not tell the marker, so a text is known by its words and time. The status callback, which does, may come first.
 */
export async function lookUpSent(
  sought: Sought,
  account: SmsAccount,
  tools: Tools,
): Promise<Outcome<MessageId | undefined>> {
  const call = { method: 'GET', path: ofAccount(account, '/Messages.json'), query: queryOf(sought) } as const;
  const answer = await callTwilio(call, account, tools);
  if (answer.kind !== 'success') return troubleOfHarmless(answer);
  const listed = asList(answer.json['messages']).map(asRecord);
  return decide(listed.flatMap(sentMessage), reachesBack(listed, sought.since), sought);
}

/** Newest first. Not filtered by DateSent: what still waits at Twilio was not sent, and might be left out. */
const queryOf = ({ to }: Sought) => ({ To: to, PageSize: String(pageSize) });

interface SentMessage {
  id: MessageId;
  at: number;
  text: string;
  files: number;
}

const createdAt = (json: JsonRecord | undefined): number => Date.parse(asText(json?.['date_created']) ?? '');

/** Whether the page holds everything since then: all there is, or newest first and reaching back. */
function reachesBack(listed: (JsonRecord | undefined)[], since: Date): boolean {
  if (listed.length < pageSize) return true;
  const last = createdAt(listed.at(-1));
  return last <= createdAt(listed[0]) && last < since.getTime() - clocksDiffer;
}

function sentMessage(json: JsonRecord | undefined): SentMessage[] {
  const id = asText(json?.['sid']);
  const at = createdAt(json);
  if (id === undefined || Number.isNaN(at) || json?.['direction'] !== 'outbound-api') return [];
  return [{ id: id as MessageId, at, text: plain(json['body']), files: asNumber(json['num_media']) ?? 0 }];
}

function decide(messages: SentMessage[], complete: boolean, sought: Sought): Outcome<MessageId | undefined> {
  // Times there are in whole seconds.
  const since = Math.floor(sought.since.getTime() / 1000) * 1000;
  const alike = messages.filter((message) => isAlike(message, sought.text));
  const after = alike.filter(({ at }) => at >= since);
  if (after.length === 1) return done(after[0]!.id);
  if (alike.some(({ at }) => at >= since - clocksDiffer))
    return { result: 'unsure', why: 'Several messages at Twilio could be this one.' };
  if (!complete) return { result: 'unsure', why: 'Too many messages were sent to this number to tell.' };
  return done(undefined);
}

/** Without a text a file was sent. */
function isAlike(message: SentMessage, text: string | undefined): boolean {
  if (text === undefined) return message.files > 0 && message.text === '';
  const words = plain(text);
  // A trial account's messages begin with Twilio's own words; choices follow the text.
  return message.text === words || message.text.endsWith(` - ${words}`) || message.text.startsWith(`${words} 1. `);
}

/** What Twilio's Smart Encoding makes of typographic signs. */
const spelledPlainly: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u201a\u201b\u2032\u02bc`\u00b4]/g, "'"],
  [/[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]/g, '"'],
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/\u2026/g, '...'],
  [/[\u200b\u200c\ufeff]/g, ''],
  [/\s+/g, ' '],
];

const plain = (text: unknown): string =>
  spelledPlainly.reduce((words, [sign, instead]) => words.replace(sign, instead), asText(text) ?? '').trim();
