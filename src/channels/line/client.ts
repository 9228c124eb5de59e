import { type Duration, seconds } from '../../domain/duration.ts';
import type { HttpAnswer, NoAnswer } from '../../kit/http.ts';
import type { Tools } from '../../kit/tools.ts';
import { asNumber, asRecord, asText, type JsonRecord } from '../shared/json.ts';
import type { LineAccount } from './account.ts';

export interface LineCall {
  method: 'GET' | 'POST' | 'PUT';
  /** After the host: `/v2/bot/message/push`. */
  path: string;
  body?: object;
  headers?: Record<string, string>;
  /** Where the call goes, unless to the Messaging API. */
  host?: string;
}

/** LINE answered, but not with success. `json` is the body where it can be read. */
export interface Refusal {
  status: number;
  json: JsonRecord;
  /** Which request of that retry key LINE had accepted before; comes with 409. */
  acceptedRequest?: string;
  after?: Duration;
}

export type LineAnswer =
  | { kind: 'success'; status: number; json: JsonRecord; request?: string }
  | { kind: 'refusal'; refusal: Refusal }
  /** No answer came back. */
  | { kind: 'silence'; sent: NoAnswer['sent']; why: string };

/** Calls the Messaging API once, with the channel access token. */
export async function callLine(call: LineCall, account: LineAccount, tools: Tools): Promise<LineAnswer> {
  const answer = await tools.http.request({
    method: call.method,
    url: `${call.host ?? account.apiUrl}${call.path}`,
    headers: { ...authorization(account), ...call.headers },
    ...(call.body === undefined ? {} : { body: call.body }),
  });
  if (!answer.answered) return { kind: 'silence', sent: answer.sent, why: answer.why };
  return read(answer, call.path, tools);
}

export const authorization = (account: LineAccount) => ({
  authorization: `Bearer ${account.channelAccessToken.reveal()}`,
});

function read(answer: HttpAnswer, path: string, tools: Tools): LineAnswer {
  const { status, headers } = answer;
  const json = asRecord(answer.json()) ?? {};
  const request = asText(headers['x-line-request-id']);
  if (status >= 200 && status < 300) return { kind: 'success', status, json, ...(request ? { request } : {}) };
  tools.log.info('line.refused', { call: withoutIds(path), status, request });
  return { kind: 'refusal', refusal: { status, json, ...told(headers) } };
}

/** `/v2/bot/profile/…`: whose it was stays out of the log. */
const withoutIds = (path: string): string => path.replaceAll(/\/(?!v\d+\/)[^/]*\d[^/]*/g, '/…');

function told(headers: HttpAnswer['headers']): Pick<Refusal, 'acceptedRequest' | 'after'> {
  const acceptedRequest = asText(headers['x-line-accepted-request-id']);
  const after = asNumber(headers['retry-after']);
  return {
    ...(acceptedRequest === undefined ? {} : { acceptedRequest }),
    ...(after === undefined || after < 0 ? {} : { after: seconds(after) }),
  };
}
