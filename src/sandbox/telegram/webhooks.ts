import { STATUS_CODES } from 'node:http';
import { type Deliveries, makeDeliveries, patientDelaysMs, posted } from '../deliveries.ts';
import type { World } from './state.ts';

const answerWithinMs = 10_000;

type Update = Record<string, unknown>;
type Call = (method: string, parameters: Update) => void;

/**
 * Delivers updates as Telegram does: with the secret, again until a 2xx, and an answer that is a call of a method is made
 * (`call`).
 */
export const makeWebhookSender = (world: World, call: Call): Deliveries<Update> =>
  makeDeliveries({
    retryDelaysMs: patientDelaysMs,
    attempt: async (update, _tried, stop) => ((await attempt(world, update, call, stop)) ? 'taken' : 'refused'),
  });

async function attempt({ state }: World, update: Update, call: Call, stop: AbortSignal): Promise<boolean> {
  const { url, secretToken } = state.webhook;
  if (url === '') return false;
  const headers = {
    'content-type': 'application/json',
    ...(secretToken === '' ? {} : { 'x-telegram-bot-api-secret-token': secretToken }),
  };
  const answer = await posted(url, { body: JSON.stringify(update), headers }, answerWithinMs, stop);
  const taken = answer !== undefined && answer.status >= 200 && answer.status < 300;
  if (taken) followUp(answer.contentType, answer.text, call);
  else
    state.webhook.lastError = { at: new Date(), message: answer ? wrongResponse(answer.status) : 'Connection refused' };
  return taken;
}

const wrongResponse = (status: number) =>
  `Wrong response from the webhook: ${status} ${STATUS_CODES[status] ?? ''}`.trim();

function followUp(contentType: string, text: string, call: Call): void {
  if (!contentType.startsWith('application/json')) return;
  const { method, ...parameters } = JSON.parse(text) as Update;
  if (typeof method === 'string') call(method, parameters);
}
