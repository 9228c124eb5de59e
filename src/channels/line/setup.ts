import type { messagingApi } from '@line/bot-sdk';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { SetupChange, SetupWish } from '../channel.ts';
import { asText } from '../shared/json.ts';
import type { LineAccount } from './account.ts';
import { callLine } from './client.ts';
import { troubleOfRepeatable } from './trouble.ts';

const path = '/v2/bot/channel/webhook/endpoint';

/** Where LINE delivers webhooks, and whether it does; no `url` where none was ever set (404). */
export async function webhookAt(
  account: LineAccount,
  tools: Tools,
): Promise<Outcome<{ url?: string; active: boolean }>> {
  const answer = await callLine({ method: 'GET', path }, account, tools);
  if (answer.kind === 'refusal' && answer.refusal.status === 404) return done({ active: false });
  if (answer.kind !== 'success') return troubleOfRepeatable(answer);
  const url = asText(answer.json['endpoint']);
  return done({ active: answer.json['active'] === true, ...(url === undefined ? {} : { url }) });
}

/** Sets the webhook's address ("Set webhook endpoint URL"). Turning it on or off can be done in the Console only. */
export async function provision(wish: SetupWish, account: LineAccount, tools: Tools): Promise<Outcome<SetupChange[]>> {
  const now = await webhookAt(account, tools);
  if (now.result !== 'done') return now;
  if (wish.remove) return now.value.active ? onlyByHand : done([]);
  const changes = changesFrom(now.value, wish.webhookUrl);
  if (!wish.apply || now.value.url === wish.webhookUrl) return done(changes);
  const body: messagingApi.SetWebhookEndpointRequest = { endpoint: wish.webhookUrl };
  const set = await callLine({ method: 'PUT', path, body }, account, tools);
  return set.kind === 'success' ? done(changes) : troubleOfRepeatable(set);
}

const onlyByHand = {
  result: 'never',
  why: 'LINE lets nobody take a webhook away by its API: turn off "Use webhook" in the LINE Developers Console, Messaging API.',
  code: 'by-hand',
} as const;

function changesFrom({ url, active }: { url?: string; active: boolean }, wanted: string): SetupChange[] {
  const address = { what: 'webhook address', now: url ?? 'none', wanted };
  const use = {
    what: 'use of the webhook',
    now: 'off',
    wanted: 'on, by hand: LINE Developers Console, Messaging API, "Use webhook"',
  };
  return [...(url === wanted ? [] : [address]), ...(active ? [] : [use])];
}
