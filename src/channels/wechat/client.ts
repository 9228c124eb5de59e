import type FormData from 'form-data';
import { seconds } from '../../domain/duration.ts';
import { done, type Outcome, type Trouble } from '../../domain/outcome.ts';
import type { HttpAnswer, HttpRequest, NoAnswer } from '../../kit/http.ts';
import type { Tools } from '../../kit/tools.ts';
import { asNumber, asRecord, asText, type JsonRecord, parseJson } from '../shared/json.ts';
import { accessToken } from './access-token.ts';
import type { WeChatAccount } from './account.ts';
import { blamesAddress, blamesToken, errorRules } from './error-rules.ts';

export interface WeChatCall {
  method: 'GET' | 'POST';
  /** `/cgi-bin/message/custom/send`. */
  path: string;
  query?: Record<string, string>;
  body?: JsonRecord;
  /** Made anew for each attempt, for a stream can be sent once only. */
  form?: () => FormData;
}

/** What WeChat answered. It says what went wrong in `errcode`, with HTTP status 200. */
export type WeChatAnswer =
  | { kind: 'success'; json: JsonRecord }
  | { kind: 'refusal'; code: number; message?: string }
  /** Something between us and WeChat answered. */
  | { kind: 'stranger'; status: number; after?: number }
  | { kind: 'silence'; sent: NoAnswer['sent']; why: string };

/** Calls WeChat with the access token. One that is no longer taken is renewed, once: then nothing was done yet. */
export async function callWeChat(call: WeChatCall, account: WeChatAccount, tools: Tools): Promise<Outcome<JsonRecord>> {
  return withToken(account, tools, async (token) => {
    const answer = await request(call, account, tools, token);
    return { refused: answer.kind === 'refusal' && blamesToken(answer.code), outcome: outcomeOf(answer) };
  });
}

/** The same for a call that shows nobody anything (a read, an upload): it can simply be made again. */
export async function askWeChat(call: WeChatCall, account: WeChatAccount, tools: Tools): Promise<Outcome<JsonRecord>> {
  return harmless(await callWeChat(call, account, tools));
}

/** Does something with the access token; and, where that `refused` it, once more with a new one. */
export async function withToken<Value>(
  account: WeChatAccount,
  tools: Tools,
  act: (token: string) => Promise<{ refused: boolean; outcome: Outcome<Value> }>,
): Promise<Outcome<Value>> {
  const token = await accessToken(account, tools, renewToken);
  if (token.result !== 'done') return token;
  const first = await act(token.value);
  if (!first.refused) return first.outcome;
  const renewed = await accessToken(account, tools, renewToken, token.value);
  return renewed.result === 'done' ? (await act(renewed.value)).outcome : renewed;
}

/** "Get stable access token": the same until shortly before it ends, unless `force` asks for another one. */
async function renewToken(account: WeChatAccount, tools: Tools, force: boolean): Promise<Outcome<JsonRecord>> {
  const body = {
    grant_type: 'client_credential',
    appid: account.appId,
    secret: account.appSecret.reveal(),
    force_refresh: force,
  };
  const answer = await request({ method: 'POST', path: '/cgi-bin/stable_token', body }, account, tools);
  // The AppSecret is what stands for a token here.
  if (answer.kind === 'refusal' && blamesToken(answer.code)) return outcomeOf({ ...answer, code: 40125 });
  return harmless(outcomeOf(answer));
}

export const harmless = <Value>(outcome: Outcome<Value>): Outcome<Value> =>
  outcome.result === 'unsure' ? { result: 'later', why: outcome.why } : outcome;

/** 10 MB over a slow line. */
const uploadTimeoutMs = 60_000;

async function request(call: WeChatCall, account: WeChatAccount, tools: Tools, token?: string): Promise<WeChatAnswer> {
  const query = new URLSearchParams({ ...(token === undefined ? {} : { access_token: token }), ...call.query });
  const form = call.form?.();
  const sent: HttpRequest = {
    method: call.method,
    url: `${account.apiUrl}${call.path}?${query}`,
    ...(call.body === undefined ? {} : { body: call.body }),
    ...(form ? { body: form.getBuffer(), headers: form.getHeaders(), timeoutMs: uploadTimeoutMs } : {}),
  };
  const answer = await tools.http.request(sent);
  if (!answer.answered) return { kind: 'silence', sent: answer.sent, why: answer.why };
  const read = readAnswer(answer);
  if (read.kind === 'refusal') tools.log.info('wechat.refused', { call: call.path, code: read.code });
  return read;
}

function readAnswer(answer: HttpAnswer): WeChatAnswer {
  const json = answer.status === 200 ? parsed(answer.text()) : undefined;
  if (!json) {
    const after = asNumber(answer.headers['retry-after']);
    return { kind: 'stranger', status: answer.status, ...(after === undefined ? {} : { after }) };
  }
  return answerIn(json);
}

export function answerIn(json: JsonRecord): WeChatAnswer {
  const code = asNumber(json['errcode']) ?? 0;
  if (code === 0) return { kind: 'success', json };
  const message = asText(json['errmsg']);
  return { kind: 'refusal', code, ...(message === undefined ? {} : { message }) };
}

/** Ids of messages are longer than a JavaScript number is exact. */
function parsed(text: string): JsonRecord | undefined {
  try {
    return asRecord(parseJson(text));
  } catch {
    return undefined;
  }
}

/** What an answer means where the call may have done something that people see. */
export function outcomeOf(answer: WeChatAnswer): Outcome<JsonRecord> {
  if (answer.kind === 'success') return done(answer.json);
  if (answer.kind === 'refusal') return troubleOfCode(answer.code, answer.message);
  if (answer.kind === 'stranger') return troubleOfStatus(answer);
  const why = `WeChat's service: ${answer.why}.`;
  return answer.sent === 'no' ? { result: 'later', why } : { result: 'unsure', why };
}

function troubleOfCode(code: number, message = ''): Trouble {
  const rule = errorRules[code];
  if (!rule)
    return { result: 'never', why: 'WeChat refused this for a reason this service does not know.', code: `${code}` };
  if (rule.outcome === 'never') return { result: 'never', why: rule.why, code: `${code}` };
  if (rule.outcome === 'later') {
    const { why, after, for: whom } = rule;
    return { result: 'later', why, ...(after ? { after } : {}), ...(whom ? { for: whom } : {}) };
  }
  return { result: 'account-broken', why: `${rule.why}${addressIn(code, message)} (error ${code})` };
}

/** “invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist”. */
function addressIn(code: number, message: string): string {
  const [address] = blamesAddress(code) ? (/\b\d{1,3}(?:\.\d{1,3}){3}\b/.exec(message) ?? []) : [];
  return address === undefined ? '' : ` The address is ${address}.`;
}

function troubleOfStatus({ status, after }: { status: number; after?: number }): Trouble {
  const why = `WeChat's service answered with HTTP status ${status}.`;
  if (status === 429) return { result: 'later', why, ...(after === undefined ? {} : { after: seconds(after) }) };
  if (status >= 500 || (status >= 200 && status < 300)) return { result: 'unsure', why };
  return { result: 'never', why, code: `http ${status}` };
}
