import { seconds } from '../../domain/duration.ts';
import { done, type Outcome, type Trouble } from '../../domain/outcome.ts';
import { type Failure, type Refusal, ZendeskFailure } from './failure.ts';
import { refusalCode, refusalText } from './refusal.ts';

/**
 * What a second try would do: `repeatable` nothing new that anyone sees (a read, an upload, a tag), `once` a second
 * comment or ticket.
 */
export type Effect = 'repeatable' | 'once';

/** Runs calls to Zendesk and turns every failure into an outcome. `except` looks first and may decide otherwise. */
export async function attempt<Value, Else = never>(
  effect: Effect,
  act: () => Promise<Value>,
  except?: (refusal: Refusal) => Promise<Outcome<Value> | Else | undefined>,
): Promise<Outcome<Value> | Else> {
  try {
    return done(await act());
  } catch (error) {
    if (!(error instanceof ZendeskFailure)) throw error;
    const { failure } = error;
    const decided = failure.kind === 'refused' && except ? await except(failure) : undefined;
    return decided ?? troubleOf(failure, effect);
  }
}

/** The outcome of a failed call, by status and code, never by text (which Zendesk localises). */
export function troubleOf(failure: Failure, effect: Effect): Trouble {
  switch (failure.kind) {
    case 'no-token':
      return failure.trouble;
    case 'no-turn':
      return { result: 'later', why: 'the calls Zendesk takes are used up for now', after: failure.after };
    case 'no-answer':
      return failure.sent === 'no'
        ? { result: 'later', why: `Zendesk cannot be reached: ${failure.why}` }
        : uncertain(effect, `Zendesk did not answer: ${failure.why}`);
    case 'unreadable':
      return uncertain(effect, `Zendesk answered ${failure.status} with something that cannot be read`);
    case 'refused':
      return refused(failure, effect);
  }
}

const uncertain = (effect: Effect, why: string): Trouble => ({ result: effect === 'once' ? 'unsure' : 'later', why });

const accountTrouble: Record<number, string> = {
  401: 'Zendesk refuses the login: the token is wrong, expired or revoked',
  402: 'Zendesk refuses: the account is suspended or its trial is over',
  403: 'Zendesk refuses: the user this service logs in as lacks a permission',
};

function refused(refusal: Refusal, effect: Effect): Trouble {
  const { status, retryAfter } = refusal;
  const broken = accountTrouble[status];
  if (broken) return { result: 'account-broken', why: broken };
  if (status === 429)
    return { result: 'later', why: 'Zendesk asks to wait (rate limit)', after: retryAfter ?? seconds(60) };
  if (status === 409) return { result: 'later', why: 'Zendesk was changing the same record (conflict)' };
  // With Retry-After the request was turned away at the door; without, it may have got through before something broke.
  if (status === 503 && retryAfter)
    return { result: 'later', why: 'Zendesk is unavailable for now', after: retryAfter };
  if (status >= 500 || status === 408) return uncertain(effect, `Zendesk has trouble (${status})`);
  return neverOf(refusal);
}

function neverOf({ status, body }: Refusal): Trouble {
  const code = refusalCode(body) ?? String(status);
  if (status === 413) return { result: 'never', why: 'Zendesk refuses it: too large', code };
  return { result: 'never', why: `Zendesk refuses it (${status}): ${refusalText(body)}`, code };
}
