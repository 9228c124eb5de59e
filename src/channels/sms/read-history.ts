import type { InboundEvent } from '../../domain/event.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { HistoryPage } from '../channel.ts';
import { asNumber, asRecords, asText, type JsonRecord } from '../shared/json.ts';
import { addressOf, type SmsAccount } from './account.ts';
import { callTwilio, ofAccount, troubleOfHarmless } from './client.ts';
import { type Form, formOf } from './form.ts';
import { readMessage } from './read-message.ts';

/** Large, so that what was said in an outage is on one page and in order. */
const pageSize = 500;

/**
 * What customers wrote since then, by Twilio's own list (Twilio, "Messages resource: read multiple"), newest first. What was
 * sent is left out: other programs of the account send too, and no webhook would have told of it either.
 */
export async function readHistory(
  account: SmsAccount,
  since: Date,
  tools: Tools,
  page?: string,
): Promise<Outcome<HistoryPage>> {
  const numbers = await ownNumbers(account, tools);
  if (numbers.result !== 'done') return numbers;
  const query = page === undefined ? firstPage(numbers.value, since) : Object.fromEntries(new URLSearchParams(page));
  const answer = await callTwilio({ method: 'GET', path: ofAccount(account, '/Messages.json'), query }, account, tools);
  if (answer.kind !== 'success') return troubleOfHarmless(answer);
  const listed = asRecords(answer.json['messages']);
  const ours = listed.filter((json) => isOurs(json, numbers.value, since)).reverse();
  const events = await eventsOf(ours, account, tools);
  if (!Array.isArray(events)) return events;
  const next = asText(answer.json['next_page_uri'])?.split('?')[1];
  const changedAt = listed.length > 0 ? timeOf(listed.at(-1)!) : undefined;
  const more = next !== undefined && (changedAt === undefined || changedAt >= since);
  return done({ events, ...(more ? { next } : {}), ...(changedAt ? { changedAt } : {}) });
}

/** The list filters by whole days. A service's numbers cannot be asked for in one call, so then it is all of the account's. */
const firstPage = (numbers: string[], since: Date): Record<string, string> => ({
  ...(numbers.length === 1 ? { To: numbers[0]! } : {}),
  'DateSent>': since.toISOString().slice(0, 10),
  PageSize: String(pageSize),
});

async function ownNumbers(account: SmsAccount, tools: Tools): Promise<Outcome<string[]>> {
  const service = account.messagingServiceSid;
  if (service === undefined) return done([account.from ?? '']);
  const path = `/v1/Services/${service}/PhoneNumbers`;
  const query = { PageSize: '1000' };
  const answer = await callTwilio({ method: 'GET', host: 'messaging', path, query }, account, tools);
  if (answer.kind !== 'success') return troubleOfHarmless(answer);
  return done(asRecords(answer.json['phone_numbers']).flatMap((json) => asText(json['phone_number']) ?? []));
}

function isOurs(json: JsonRecord, numbers: string[], since: Date): boolean {
  // Times there are in whole seconds.
  const from = Math.floor(since.getTime() / 1000) * 1000;
  return (
    json['direction'] === 'inbound' && numbers.includes(asText(json['to']) ?? '') && timeOf(json).getTime() >= from
  );
}

function timeOf(json: JsonRecord): Date {
  const ms = Date.parse(asText(json['date_sent']) ?? asText(json['date_created']) ?? '');
  return new Date(Number.isNaN(ms) ? 0 : ms);
}

async function eventsOf(
  messages: readonly JsonRecord[],
  account: SmsAccount,
  tools: Tools,
): Promise<InboundEvent[] | Exclude<Outcome<never>, { result: 'done' }>> {
  const events: InboundEvent[] = [];
  for (const json of messages) {
    const form = await asWebhookForm(json, account, tools);
    if (form.result !== 'done') return form;
    const [sid, from] = [form.value.get('MessageSid'), form.value.get('From')];
    if (sid === undefined || from === undefined) continue;
    const read = readMessage(form.value, sid, from, { to: addressOf(account), at: timeOf(json) });
    events.push(...read.map((event): InboundEvent => ({ ...event, found: 'history' })));
  }
  return events;
}

/** The fields a webhook would have had. Files are listed by themselves. */
async function asWebhookForm(json: JsonRecord, account: SmsAccount, tools: Tools): Promise<Outcome<Form>> {
  const text = (name: string) => asText(json[name]) ?? '';
  const fields: [string, string][] = [
    ['MessageSid', text('sid')],
    ['From', text('from')],
    ['Body', text('body')],
  ];
  if ((asNumber(json['num_media']) ?? 0) === 0) return done(formOf(fields));
  const path = ofAccount(account, `/Messages/${text('sid')}/Media`);
  const answer = await callTwilio({ method: 'GET', path: `${path}.json` }, account, tools);
  if (answer.kind !== 'success') return troubleOfHarmless(answer);
  const files = asRecords(answer.json['media_list']);
  const media = files.flatMap((file, index): [string, string][] => [
    [`MediaUrl${index}`, `${account.apiUrl}${path}/${asText(file['sid']) ?? ''}`],
    [`MediaContentType${index}`, asText(file['content_type']) ?? ''],
  ]);
  return done(formOf([...fields, ['NumMedia', String(files.length)], ...media]));
}
