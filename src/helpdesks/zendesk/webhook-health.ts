import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Finding } from '../../domain/finding.ts';
import type { ZendeskAccount } from './account.ts';
import type { ZendeskApi } from './api.ts';
import { attempt } from './outcome.ts';
import { signingSecret } from './setup/signing-secret.ts';
import { activeWebhooks } from './subscription.ts';

const provisionFix = 'passerelle provision zendesk --secret-file FILE, then start the service again.';

/** Whether callbacks of our webhook are believed, and whether one that Zendesk really sends comes through. */
export async function webhookFindings(api: ZendeskApi, account: ZendeskAccount): Promise<Finding[]> {
  const found = await activeWebhooks(api, account.id);
  const webhook = found.result === 'done' ? found.value.active[0] : undefined;
  if (!webhook) return [];
  const secret = await secretFinding(api, webhook.id, account);
  return secret.ok ? [secret, await deliveryFinding(api, webhook.id)] : [secret];
}

async function secretFinding(api: ZendeskApi, webhook: string, { webhookSecret }: ZendeskAccount): Promise<Finding> {
  const what = 'Zendesk webhook secret';
  const matters = 'Callbacks that are signed otherwise are refused, and answers go out up to two minutes later.';
  if (!webhookSecret) return { ok: false, what, why: 'webhookSecret is not set', fix: provisionFix, matters };
  const read = await signingSecret(api, webhook);
  if (read.result !== 'done') return { ok: true, what: `${what} (only an administrator could compare it)` };
  if (read.value === webhookSecret.reveal()) return { ok: true, what };
  return { ok: false, what, why: 'webhookSecret is not what the webhook signs with', fix: provisionFix, matters };
}

const trial = z.object({
  response: z.object({ status: z.coerce.number(), payload: z.string().nullish() }),
});

/** Zendesk calls the webhook now (Zendesk developer docs, "Test Webhook"); the service says the word back and keeps nothing. */
async function deliveryFinding(api: ZendeskApi, webhook: string): Promise<Finding> {
  const what = 'Zendesk webhook as Zendesk reaches it';
  const word = randomBytes(16).toString('hex');
  const request = { payload: JSON.stringify({ passerelle_probe: word }) };
  const tried = await attempt('repeatable', () =>
    api.post(trial, ['webhooks', 'test', { webhook_id: webhook }], { request }),
  );
  // Not every plan, and no agent, may try it.
  if (tried.result === 'account-broken' || tried.result === 'never')
    return { ok: true, what: `${what} (it could not be tried: ${tried.why})` };
  if (tried.result !== 'done') return { ok: false, what, why: tried.why, fix: 'Try again in a minute.' };
  const { status, payload } = tried.value.response;
  if (status === 200 && payload?.includes(word)) return { ok: true, what };
  const why = status === 200 ? 'something else than this service answered' : `it was answered ${status}`;
  return { ok: false, what, why, fix: deliveryFix(status) };
}

const deliveryFix = (status: number): string =>
  status === 401
    ? 'The running service has another webhookSecret, or its clock is wrong: start it again with the configuration as it is now.'
    : 'The service must run, and its public address be reached from the internet; see what the proxy in front of it does with /webhooks.';
