import { type Duration, seconds } from '../../domain/duration.ts';
import type { Trouble } from '../../domain/outcome.ts';
import type { HttpAnswer, NoAnswer } from '../../kit/http.ts';
import type { Tools } from '../../kit/tools.ts';
import { asNumber, asRecord, asText } from '../shared/json.ts';
import type { TelegramAccount } from './account.ts';
import { betterWords, errorRules } from './error-rules.ts';

/** Telegram answered, but not with success. Without `code` the answer was not one of its own. */
export interface Refusal {
  kind: 'refusal';
  status: number;
  code?: number;
  description: string;
  after?: Duration;
}

export type NoSuccess = Refusal | { kind: 'silence'; sent: NoAnswer['sent']; why: string };
export type BotAnswer = { kind: 'success'; result: unknown } | NoSuccess;

/** A body that is no object is sent as it is, with these headers: a form with a file in it. */
export interface Encoded {
  headers: Record<string, string>;
  body: unknown;
  timeoutMs: number;
}

/** One method of the Bot API, once. The token is part of the URL, which therefore appears nowhere else. */
export async function callBot(
  method: string,
  parameters: Record<string, unknown> | Encoded,
  account: TelegramAccount,
  tools: Tools,
): Promise<BotAnswer> {
  const url = `${account.apiUrl}/bot${account.botToken.reveal()}/${method}`;
  const sent = isEncoded(parameters) ? parameters : { body: parameters };
  const answer = await tools.http.request({ method: 'POST', url, ...sent });
  if (!answer.answered) return { kind: 'silence', sent: answer.sent, why: answer.why };
  return read(method, answer, tools);
}

const isEncoded = (parameters: Record<string, unknown> | Encoded): parameters is Encoded => 'timeoutMs' in parameters;

function read(method: string, answer: HttpAnswer, tools: Tools): BotAnswer {
  const json = asRecord(answer.json());
  if (json?.['ok'] === true) return { kind: 'success', result: json['result'] };
  if (answer.status < 300) return { kind: 'silence', sent: 'maybe', why: 'the answer cannot be read' };
  const code = asNumber(json?.['error_code']);
  const wait = asNumber(asRecord(json?.['parameters'])?.['retry_after']) ?? asNumber(answer.headers['retry-after']);
  tools.log.info('telegram.refused', { method, status: answer.status, code });
  return {
    kind: 'refusal',
    status: answer.status,
    description: asText(json?.['description']) ?? '',
    ...(code === undefined ? {} : { code }),
    ...(wait === undefined || wait <= 0 ? {} : { after: seconds(wait) }),
  };
}

/** What a failed call means when it may have sent something. */
export function troubleOf(answer: NoSuccess): Trouble {
  if (answer.kind === 'refusal') return troubleOfRefusal(answer);
  const why = `Telegram: ${answer.why}.`;
  return answer.sent === 'no' ? { result: 'later', why } : { result: 'unsure', why };
}

/** The same for a call that shows nobody anything: it can simply be made again. */
export function troubleOfHarmless(answer: NoSuccess): Trouble {
  const trouble = troubleOf(answer);
  return trouble.result === 'unsure' ? { result: 'later', why: trouble.why } : trouble;
}

function troubleOfRefusal({ status, code = status, description, after }: Refusal): Trouble {
  if (code >= 500) return { result: 'unsure', why: `Telegram answered with status ${code}.` };
  const rule = errorRules[code];
  const better = betterWords.find((words) => words.code === code && words.says.test(description));
  const why = better?.why ?? rule?.why ?? `Telegram refused this (error ${code}).`;
  if (rule?.outcome === 'later') return { result: 'later', why, ...(after === undefined ? {} : { after }) };
  if (rule === undefined || rule.outcome === 'never') return { result: 'never', why, code: String(code) };
  return { result: rule.outcome, why };
}
