import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { ChannelSimulator } from '../contract.ts';

const pauseMs = 400;
const answerWithinMs = 15_000;

type Webhooks = ChannelSimulator['webhooks'];

export interface WebhookSender {
  controls: Webhooks;
  /** Resolves once every copy was tried once. */
  call(url: string, form: Record<string, string>): Promise<void>;
  /** Drops what is held or owed. */
  forget(): void;
}

/**
 * Calls addresses as Twilio does: one more attempt after a failed connection, or as the part after the # says (`rc`, how
 * often; `rp`, after what: 4xx, 5xx, ct, rt, all). And, on demand, several times or in the wrong order.
 */
export function makeWebhookSender(authToken: string): WebhookSender {
  let stop = new AbortController();
  let owed = 0;
  const held: [string, Record<string, string>][] = [];

  async function deliver(url: string, form: Record<string, string>): Promise<void> {
    const { signal } = stop;
    owed++;
    const settled = () => {
      if (!signal.aborted) owed--;
    };
    const first = await attempt(url, form, authToken, signal);
    if (first === 'taken') settled();
    else void retry(url, form, first, signal).then(settled);
  }

  async function retry(url: string, form: Record<string, string>, first: Ending, signal: AbortSignal): Promise<void> {
    const { times, after } = overridesOf(url);
    let ending = first;
    for (let n = 0; n < times && after.includes(ending); n++) {
      await wait(pauseMs * 2 ** n, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      ending = await attempt(url, form, authToken, signal);
    }
  }

  async function copies(url: string, form: Record<string, string>): Promise<void> {
    for (let copy = 0; copy < controls.copies; copy++) await deliver(url, form);
  }

  const controls: Webhooks = {
    copies: 1,
    holdAndReverse: false,
    release: async () => {
      for (const [url, form] of held.splice(0).reverse()) await copies(url, form);
    },
    owed: () => owed,
  };

  return {
    controls,
    call: async (url, form) => {
      if (url === '') return;
      if (controls.holdAndReverse) held.push([url, form]);
      else await copies(url, form);
    },
    forget: () => {
      stop.abort();
      stop = new AbortController();
      held.splice(0);
      owed = 0;
      controls.copies = 1;
      controls.holdAndReverse = false;
    },
  };
}

/** How an attempt ended, in the words of `rp`. */
type Ending = 'taken' | '4xx' | '5xx' | 'ct' | 'rt';

function overridesOf(url: string): { times: number; after: string[] } {
  const told = new URLSearchParams(url.split('#')[1] ?? '');
  const policy = (told.get('rp') ?? 'ct').split(',');
  return {
    times: Math.min(Number(told.get('rc') ?? 1), 5),
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
