import type { Duration } from '../../../domain/duration.ts';
import type { Trouble } from '../../../domain/outcome.ts';
import type { GraphAnswer, Refusal } from './client.ts';
import { type ErrorRule, type ErrorTable, messengerErrors } from './error-rules.ts';

export type NoSuccess = Exclude<GraphAnswer, { kind: 'success' }>;

/** What a failed call means when it may have done something that people see. */
export function troubleOf(answer: NoSuccess, errors: ErrorTable = messengerErrors): Trouble {
  if (answer.kind === 'refusal') return troubleOfRefusal(answer.refusal, errors);
  const why = `Meta's service: ${answer.why}.`;
  return answer.sent === 'no' ? { result: 'later', why } : { result: 'unsure', why };
}

/** The same for a call that shows nobody anything (a read, an upload): it can simply be made again. */
export function troubleOfHarmless(answer: NoSuccess, errors: ErrorTable = messengerErrors): Trouble {
  const trouble = troubleOf(answer, errors);
  return trouble.result === 'unsure' ? { result: 'later', why: trouble.why } : trouble;
}

function troubleOfRefusal(refusal: Refusal, errors: ErrorTable): Trouble {
  if (refusal.code === undefined) return troubleWithoutCode(refusal);
  const { outcome, why, after, for: whom } = ruleFor(refusal.code, refusal, errors);
  if (outcome === 'never') return { result: 'never', why, code: nameOf(refusal) };
  if (outcome === 'later')
    return { result: 'later', why, ...waitOf({ after, ...refusal }), ...(whom ? { for: whom } : {}) };
  return { result: outcome, why: `${why} (error ${nameOf(refusal)})` };
}

function ruleFor(code: number, { subcode, transient }: Refusal, { rules, mayPass }: ErrorTable): ErrorRule {
  const named =
    subcode === undefined
      ? rules[`${code}`]
      : (rules[`${code}/${subcode}`] ?? rules[`any/${subcode}`] ?? rules[`${code}/other`]);
  if (named) return named;
  if (transient || mayPass(code)) return { outcome: 'later', why: 'Meta had a temporary problem.' };
  return rules[`${code}`]?.outcome === 'never' ? rules[`${code}`]! : unknown;
}

const unknown: ErrorRule = { outcome: 'never', why: 'Meta refused this for a reason this service does not know.' };

/** Something between us and Meta answered, or Meta's own front end. */
function troubleWithoutCode(refusal: Refusal): Trouble {
  const why = `Meta's service answered with HTTP status ${refusal.status}.`;
  if (refusal.status >= 500) return { result: 'unsure', why };
  if (refusal.status === 429) return { result: 'later', why, ...waitOf(refusal) };
  return { result: 'never', why, code: `http ${refusal.status}` };
}

const nameOf = ({ code, subcode }: Refusal): string => (subcode === undefined ? `${code}` : `${code}/${subcode}`);
const waitOf = ({ after }: { after?: Duration | undefined }) => (after === undefined ? {} : { after });
