import { setTimeout as wait } from 'node:timers/promises';
import type { ChannelSimulator } from '../contract.ts';
import type { World } from './state.ts';

/** After a delivery that was not answered with a 2xx; then it is given up. */
const retryDelaysMs = [200, 400, 800, 1_500, 3_000, 5_000, ...Array.from({ length: 30 }, () => 8_000)];
const answerWithinMs = 10_000;

type Webhooks = ChannelSimulator['webhooks'];
type Update = Record<string, unknown>;

export interface WebhookSender {
  controls: Webhooks;
  /** Resolves once every copy was tried once. */
  send(update: Update): Promise<void>;
  /** Drops what is held or owed. */
  forget(): void;
}

/**
 * Delivers updates as Telegram does: with the secret, again until a 2xx, and an answer that is a call of a method is made
 * (`call`). And, on demand, several times or in the wrong order.
 */
export function makeWebhookSender(world: World, call: (method: string, parameters: Update) => void): WebhookSender {
  let stop = new AbortController();
  let owed = 0;
  const held: Update[] = [];

  async function deliver(update: Update): Promise<void> {
    const { signal } = stop;
    owed++;
    const settled = () => {
      if (!signal.aborted) owed--;
    };
    if (await attempt(world, update, call, signal)) settled();
    else void retry(update, signal).then(settled);
  }

  async function retry(update: Update, signal: AbortSignal): Promise<void> {
    for (const delay of retryDelaysMs) {
      await wait(delay, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted || (await attempt(world, update, call, signal))) return;
    }
  }

  async function copies(update: Update): Promise<void> {
    for (let copy = 0; copy < controls.copies; copy++) await deliver(update);
  }

  const controls: Webhooks = {
    copies: 1,
    holdAndReverse: false,
    release: async () => {
      for (const update of held.splice(0).reverse()) await copies(update);
    },
    owed: () => owed,
  };

  return {
    controls,
    send: async (update) => {
      if (controls.holdAndReverse) held.push(update);
      else await copies(update);
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

async function attempt(
  { state }: World,
  update: Update,
  call: (method: string, parameters: Update) => void,
  stop: AbortSignal,
): Promise<boolean> {
  const { url, secretToken } = state.webhook;
  if (url === '') return false;
  const headers = {
    'content-type': 'application/json',
    ...(secretToken === '' ? {} : { 'x-telegram-bot-api-secret-token': secretToken }),
  };
  const signal = AbortSignal.any([stop, AbortSignal.timeout(answerWithinMs)]);
  try {
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(update), headers, signal });
    const text = await answer.text();
    if (answer.ok) followUp(answer.headers.get('content-type') ?? '', text, call);
    else state.webhook.lastError = failure(`Wrong response from the webhook: ${answer.status} ${answer.statusText}`);
    return answer.ok;
  } catch {
    state.webhook.lastError = failure('Connection refused');
    return false;
  }
}

const failure = (message: string) => ({ at: new Date(), message });

function followUp(contentType: string, text: string, call: (method: string, parameters: Update) => void): void {
  if (!contentType.startsWith('application/json')) return;
  const { method, ...parameters } = JSON.parse(text) as Update;
  if (typeof method === 'string') call(method, parameters);
}
