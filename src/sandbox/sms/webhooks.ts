import { createHmac } from 'node:crypto';
import { type Deliveries, makeDeliveries } from '../deliveries.ts';

const answerWithinMs = 15_000;
const mostRetries = 5;

/** A call of an address. */
export interface Call {
  url: string;
  form: Record<string, string>;
}

/**
 * Calls addresses as Twilio does: one more attempt after a failed connection, or as the part after the # says (`rc`, how
 * often; `rp`, after what: 4xx, 5xx, ct, rt, all).
 */
export const makeWebhookSender = (authToken: string): Deliveries<Call> =>
  makeDeliveries({
    retryDelaysMs: Array.from({ length: mostRetries }, (_, n) => 400 * 2 ** n),
    attempt: async ({ url, form }, tried, stop) => {
      const ending = await attempt(url, form, authToken, stop);
      if (ending === 'taken') return ending;
      const { times, after } = overridesOf(url);
      return tried < times && after.includes(ending) ? 'refused' : 'given-up';
    },
  });

/** How an attempt ended, in the words of `rp`. */
type Ending = 'taken' | '4xx' | '5xx' | 'ct' | 'rt';

function overridesOf(url: string): { times: number; after: string[] } {
  const told = new URLSearchParams(url.split('#')[1] ?? '');
  const policy = (told.get('rp') ?? 'ct').split(',');
  return {
    times: Math.min(Number(told.get('rc') ?? 1), mostRetries),
    after: policy.includes('all') ? ['4xx', '5xx', 'ct', 'rt'] : policy,
  };
}

async function attempt(
  url: string,
  form: Record<string, string>,
  authToken: string,
  stop: AbortSignal,
): Promise<Ending> {
  const called = url.replace(/#.*$/, '');
  const late = AbortSignal.timeout(answerWithinMs);
  try {
    const answer = await fetch(called, {
      method: 'POST',
      body: new URLSearchParams(form).toString(),
      headers: signedHeaders(called, form, authToken),
      signal: AbortSignal.any([stop, late]),
    });
    const text = await answer.text();
    if (answer.status >= 500) return '5xx';
    // Anything but TwiML would be sent on to the customer, or be an error in Twilio's debugger.
    return answer.ok && isTwiml(answer.headers.get('content-type') ?? '', text) ? 'taken' : '4xx';
  } catch {
    return late.aborted ? 'rt' : 'ct';
  }
}

const isTwiml = (contentType: string, text: string): boolean =>
  text === '' || (/^(?:text|application)\/xml\b/.test(contentType) && /<Response\s*(?:\/>|>)/.test(text));

/** Over the address, then name and value of every field, sorted by name. */
export function signedHeaders(url: string, form: Record<string, string>, authToken: string): Record<string, string> {
  const names = Object.keys(form).sort();
  const signed = url + names.map((name) => name + form[name]).join('');
  return {
    'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
    'user-agent': 'TwilioProxy/1.1',
    'x-twilio-signature': createHmac('sha1', authToken).update(signed).digest('base64'),
  };
}
