import { type Duration, seconds } from '../../domain/duration.ts';
import type { Trouble } from '../../domain/outcome.ts';
import type { HttpAnswer, NoAnswer } from '../../kit/http.ts';
import type { Tools } from '../../kit/tools.ts';
import { asNumber, asRecord, type JsonRecord } from '../shared/json.ts';
import type { SmsAccount } from './account.ts';
import { ruleFor } from './error-rules.ts';

export interface TwilioCall {
  method: 'GET' | 'POST';
  /** After the host: `/2010-04-01/Accounts/…`. */
  path: string;
  query?: Record<string, string>;
  /** Sent as a form. */
  form?: Record<string, string>;
  /** Messaging services are at a host of their own. */
  host?: 'api' | 'messaging';
}

/** Twilio answered, but not with success. Without `code` the answer was not one of its own. */
export interface Refusal {
  kind: 'refusal';
  status: number;
  code?: number;
  after?: Duration;
}

export type TwilioAnswer = { kind: 'success'; json: JsonRecord } | NoSuccess;
export type NoSuccess = Refusal | { kind: 'silence'; sent: NoAnswer['sent']; why: string };

/** Twilio's REST API once, as the account (Twilio, "Requests to Twilio"): Basic auth, form in, JSON out. */
export async function callTwilio(call: TwilioCall, account: SmsAccount, tools: Tools): Promise<TwilioAnswer> {
  const answer = await tools.http.request({
    method: call.method,
    url: `${hostOf(call, account)}${call.path}${call.query ? `?${new URLSearchParams(call.query)}` : ''}`,
    headers: { ...authorization(account), ...(call.form ? { 'content-type': formType } : {}) },
    ...(call.form ? { body: new URLSearchParams(call.form).toString() } : {}),
  });
  if (!answer.answered) return { kind: 'silence', sent: answer.sent, why: answer.why };
  return read(answer, tools);
}

const formType = 'application/x-www-form-urlencoded';

/** The path of something of the account's own. */
export const ofAccount = (account: SmsAccount, rest: string): string =>
  `/2010-04-01/Accounts/${account.accountSid}${rest}`;

export const authorization = ({ accountSid, authToken }: SmsAccount): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${accountSid}:${authToken.reveal()}`).toString('base64')}`,
});

/** https://api.twilio.com has its sibling at https://messaging.twilio.com, also in regions. A simulator is both. */
const hostOf = ({ host }: TwilioCall, { apiUrl }: SmsAccount): string =>
  host === 'messaging' ? apiUrl.replace(/^(https:\/\/)api\./, '$1messaging.') : apiUrl;

function read(answer: HttpAnswer, tools: Tools): TwilioAnswer {
  const json = asRecord(answer.json());
  const success = answer.status >= 200 && answer.status < 300;
  if (success && json) return { kind: 'success', json };
  if (success) return { kind: 'silence', sent: 'maybe', why: 'the answer cannot be read' };
  const code = asNumber(json?.['code']);
  const wait = asNumber(answer.headers['retry-after']);
  const id = answer.headers['twilio-request-id'];
  tools.log.info('twilio.refused', { status: answer.status, code, request: id });
  return {
    kind: 'refusal',
    status: answer.status,
    ...(code === undefined ? {} : { code }),
    ...(wait === undefined || wait <= 0 ? {} : { after: seconds(wait) }),
  };
}

/** What a failed call means when it may have sent something. */
export function troubleOf(answer: NoSuccess): Trouble {
  if (answer.kind === 'silence') {
    const why = `Twilio: ${answer.why}.`;
    return answer.sent === 'no' ? { result: 'later', why } : { result: 'unsure', why };
  }
  return answer.code === undefined ? troubleWithoutCode(answer) : troubleOfCode(answer.code, answer.after);
}

/** The same for a call that sends nothing (a read, a setting): it can simply be made again. */
export function troubleOfHarmless(answer: NoSuccess): Trouble {
  const trouble = troubleOf(answer);
  return trouble.result === 'unsure' ? { result: 'later', why: trouble.why } : trouble;
}

/** What Twilio's error code means, wherever it was told. */
export function troubleOfCode(code: number, after?: Duration): Trouble {
  const { outcome, why } = ruleFor(code);
  if (outcome === 'never') return { result: 'never', why, code: String(code) };
  if (outcome === 'later') return { result: 'later', why, ...(after === undefined ? {} : { after }) };
  return { result: outcome, why: `${why} (error ${code})` };
}

/** Something between us and Twilio answered, or its front end. */
function troubleWithoutCode({ status, after }: Refusal): Trouble {
  const why = `Twilio answered with HTTP status ${status}.`;
  if (status >= 500) return { result: 'unsure', why };
  if (status === 429) return { result: 'later', why, ...(after === undefined ? {} : { after }) };
  if (status === 401) return { result: 'account-broken', why };
  return { result: 'never', why, code: `http ${status}` };
}
