import type { Trouble } from '../../domain/outcome.ts';
import { asList, asRecord, asText } from '../shared/json.ts';
import type { LineAnswer, Refusal } from './client.ts';
import { type ErrorRule, errorRules } from './error-rules.ts';

export type NoSuccess = Exclude<LineAnswer, { kind: 'success' }>;

/** What a failed call means when it may have done something that people see. */
export function troubleOf(answer: NoSuccess): Trouble {
  if (answer.kind === 'refusal') return troubleOfRefusal(answer.refusal);
  const why = `LINE's service: ${answer.why}.`;
  return answer.sent === 'no' ? { result: 'later', why } : { result: 'unsure', why };
}

/** The same for a call that can simply be made again: a read, or a push under its retry key. */
export function troubleOfRepeatable(answer: NoSuccess): Trouble {
  const trouble = troubleOf(answer);
  return trouble.result === 'unsure' ? { result: 'later', why: trouble.why } : trouble;
}

export const ruleFor = ({ status, json }: Refusal): ErrorRule | undefined =>
  errorRules.find((rule) => rule.status === status && (rule.says?.test(asText(json['message']) ?? '') ?? true));

function troubleOfRefusal(refusal: Refusal): Trouble {
  const { status, after } = refusal;
  const rule = ruleFor(refusal);
  if (!rule) return troubleWithoutRule(status);
  if (rule.outcome === 'never')
    return { result: 'never', why: rule.why + placesOf(refusal), code: rule.code ?? `http ${status}` };
  if (rule.outcome === 'later') return { result: 'later', why: rule.why, ...(after === undefined ? {} : { after }) };
  return { result: rule.outcome, why: rule.why };
}

/** Where LINE found fault: names of fields, never what they held. */
function placesOf({ json }: Refusal): string {
  const places = asList(json['details']).flatMap((detail) => asText(asRecord(detail)?.['property']) ?? []);
  const names = places.filter((place) => /^[\w.[\]]{1,80}$/.test(place)).slice(0, 3);
  return names.length === 0 ? '' : ` (LINE names ${names.join(', ')}.)`;
}

function troubleWithoutRule(status: number): Trouble {
  const why = `LINE's service answered with HTTP status ${status}.`;
  return status >= 500 ? { result: 'unsure', why } : { result: 'never', why, code: `http ${status}` };
}
