import type { Finding } from '../../domain/finding.ts';
import type { Tools } from '../../kit/tools.ts';
import { callGraph, type GraphAnswer } from '../shared/graph/client.ts';
import { asId, asList, asRecord, asText, type JsonRecord } from '../shared/graph/json.ts';
import { troubleOfHarmless } from '../shared/graph/trouble.ts';
import { accessOf, type MessengerAccount } from './account.ts';

/** What the page must be subscribed to for every feature to work. */
export const webhookFields = [
  'messages',
  'messaging_postbacks',
  'message_echoes',
  'message_deliveries',
  'message_reads',
  'message_reactions',
  'message_edits',
  'messaging_referrals',
  'messaging_optins',
  'messaging_account_linking',
  'messaging_handovers',
  'messaging_policy_enforcement',
  'standby',
] as const;

/** Asks whether the token is that of the page, and whether the page sends its events to the app. */
export async function checkHealth(account: MessengerAccount, tools: Tools): Promise<Finding[]> {
  const ask = (path: string, query: Record<string, string>) =>
    callGraph({ method: 'GET', path, query }, accessOf(account), tools);
  const token = tokenFinding(await ask('/me', { fields: 'id,name' }), account);
  if (!token.ok) return [token];
  return [token, subscriptionFinding(await ask(`/${account.pageId}/subscribed_apps`, {}), account)];
}

function tokenFinding(answer: GraphAnswer, account: MessengerAccount): Finding {
  const what = 'page token';
  const fix = 'Make a page access token for this page and put it into pageToken.';
  if (answer.kind !== 'success') return { ok: false, what, why: troubleOfHarmless(answer).why, fix };
  if (asId(answer.json['id']) === account.pageId) return { ok: true, what };
  return { ok: false, what, why: `The token is not that of page ${account.pageId}.`, fix };
}

function subscriptionFinding(answer: GraphAnswer, account: MessengerAccount): Finding {
  const what = 'webhook subscription';
  const fix = `POST /${account.pageId}/subscribed_apps?subscribed_fields=${webhookFields.join(',')} with the page token.`;
  if (answer.kind !== 'success') return { ok: false, what, why: troubleOfHarmless(answer).why, fix };
  const fields = subscribedFields(answer.json, account.appId);
  if (!fields) return { ok: false, what, why: 'The page does not send its events to this app.', fix };
  const missing = webhookFields.filter((field) => !fields.includes(field));
  if (missing.length === 0) return { ok: true, what };
  return { ok: false, what, why: `The page does not send: ${missing.join(', ')}.`, fix };
}

function subscribedFields(json: JsonRecord, appId: string): string[] | undefined {
  const app = asList(json['data'])
    .map(asRecord)
    .find((candidate) => asId(candidate?.['id']) === appId);
  return app && asList(app['subscribed_fields']).flatMap((field) => asText(field) ?? []);
}
