import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import { asList, asRecord, asText, type JsonRecord } from '../shared/json.ts';
import { type SmsAccount, senderForm } from './account.ts';
import { callTwilio, ofAccount, type TwilioCall, troubleOfHarmless } from './client.ts';

/** How the sender is set up at Twilio: where it sends what customers write. */
export interface SenderSetup {
  /** Where it is changed. */
  place: Pick<TwilioCall, 'path' | 'host'>;
  /** The form fields that change it. */
  fields: { url: string; method: string; override: string };
  url: string;
  method: string;
  /** What comes before `url` when it is set: an application, or the numbers' own addresses. Empty where nothing does. */
  override: string;
  /** What the number can do, as far as it is told. */
  sends: { sms: boolean; mms: boolean } | undefined;
}

/** `never` with the code `unknown-sender` where the account does not have it; undefined for a name, which gets nothing. */
export async function readSetup(account: SmsAccount, tools: Tools): Promise<Outcome<SenderSetup | undefined>> {
  switch (senderForm(account)) {
    case 'messaging service':
      return readService(account, tools);
    case 'number':
      return readNumber(account, tools);
    case 'short code':
      return readShortCode(account, tools);
    default:
      return done(undefined);
  }
}

const ofNumbers = { url: 'SmsUrl', method: 'SmsMethod', override: 'SmsApplicationSid' };

async function readService(account: SmsAccount, tools: Tools): Promise<Outcome<SenderSetup>> {
  const place = { path: `/v1/Services/${account.messagingServiceSid}`, host: 'messaging' } as const;
  const answer = await callTwilio({ method: 'GET', ...place }, account, tools);
  if (answer.kind === 'refusal' && answer.status === 404) return unknownSender;
  if (answer.kind !== 'success') return troubleOfHarmless(answer);
  return done({
    place,
    fields: { url: 'InboundRequestUrl', method: 'InboundMethod', override: 'UseInboundWebhookOnNumber' },
    url: asText(answer.json['inbound_request_url']) ?? '',
    method: asText(answer.json['inbound_method']) ?? 'POST',
    override: answer.json['use_inbound_webhook_on_number'] === true ? "its numbers' own addresses" : '',
    sends: undefined,
  });
}

async function readNumber(account: SmsAccount, tools: Tools): Promise<Outcome<SenderSetup>> {
  const number = await firstOf(
    '/IncomingPhoneNumbers',
    'incoming_phone_numbers',
    { PhoneNumber: account.from ?? '' },
    account,
    tools,
  );
  if (number.result !== 'done') return number;
  const able = asRecord(number.value['capabilities']);
  return done({
    ...setupOf(number.value, '/IncomingPhoneNumbers', account),
    sends: able && { sms: able['sms'] === true, mms: able['mms'] === true },
  });
}

async function readShortCode(account: SmsAccount, tools: Tools): Promise<Outcome<SenderSetup>> {
  const code = await firstOf('/SMS/ShortCodes', 'short_codes', { ShortCode: account.from ?? '' }, account, tools);
  if (code.result !== 'done') return code;
  return done({ ...setupOf(code.value, '/SMS/ShortCodes', account), sends: undefined });
}

/** The first, and only, of a list. */
async function firstOf(
  path: string,
  list: string,
  query: Record<string, string>,
  account: SmsAccount,
  tools: Tools,
): Promise<Outcome<JsonRecord>> {
  const answer = await callTwilio({ method: 'GET', path: ofAccount(account, `${path}.json`), query }, account, tools);
  if (answer.kind !== 'success') return troubleOfHarmless(answer);
  const first = asRecord(asList(answer.json[list])[0]);
  return first ? done(first) : unknownSender;
}

const setupOf = (json: JsonRecord, path: string, account: SmsAccount): Omit<SenderSetup, 'sends'> => ({
  place: { path: ofAccount(account, `${path}/${asText(json['sid']) ?? ''}.json`) },
  fields: ofNumbers,
  url: asText(json['sms_url']) ?? '',
  method: asText(json['sms_method']) ?? 'POST',
  override: asText(json['sms_application_sid']) ?? '',
});

const unknownSender = {
  result: 'never',
  why: 'This Twilio account has no such sender.',
  code: 'unknown-sender',
} as const;

/** Changes form fields of the sender. */
export async function changeSetup(
  { place }: SenderSetup,
  form: Record<string, string>,
  account: SmsAccount,
  tools: Tools,
): Promise<Outcome<void>> {
  const answer = await callTwilio({ method: 'POST', ...place, form }, account, tools);
  return answer.kind === 'success' ? done(undefined) : troubleOfHarmless(answer);
}
