import type { Subscription } from '../../domain/finding.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import { callGraph } from '../shared/graph/client.ts';
import { troubleOfHarmless } from '../shared/graph/trouble.ts';
import { asId, asList, asRecords, asText } from '../shared/json.ts';
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

export const subscribeFix = (account: MessengerAccount): string =>
  `POST /${account.pageId}/subscribed_apps?subscribed_fields=${webhookFields.join(',')} with the page token, which needs the permission pages_manage_metadata; with it the running service does so by itself.`;

/**
 * Whether the page sends its events to the app. Meta unsubscribes an app whose webhook failed for about an hour
 * (Messenger Platform, "Webhooks").
 */
export async function checkSubscription(account: MessengerAccount, tools: Tools): Promise<Outcome<Subscription>> {
  const fields = await subscribedFields(account, tools);
  if (fields.result !== 'done') return fields;
  const fix = subscribeFix(account);
  if (!fields.value) return done({ ok: false, why: 'The page does not send its events to this app.', fix });
  const missing = webhookFields.filter((field) => !fields.value!.includes(field));
  if (missing.length === 0) return done({ ok: true });
  return done({ ok: false, why: `The page does not send: ${missing.join(', ')}.`, fix });
}

/** Subscribes the app to all it needs; what it had beside that it keeps, for Meta replaces the list. */
export async function subscribe(account: MessengerAccount, tools: Tools): Promise<Outcome<true>> {
  const fields = await subscribedFields(account, tools);
  if (fields.result !== 'done') return fields;
  const wanted = [...new Set([...webhookFields, ...(fields.value ?? [])])];
  const query = { subscribed_fields: wanted.join(',') };
  const call = { method: 'POST', path: `/${account.pageId}/subscribed_apps`, query } as const;
  const answer = await callGraph(call, accessOf(account), tools);
  return answer.kind === 'success' ? done(true) : troubleOfHarmless(answer);
}

/** The page sends this app nothing any more. May be repeated. */
export async function unsubscribe(account: MessengerAccount, tools: Tools): Promise<Outcome<true>> {
  const call = { method: 'DELETE', path: `/${account.pageId}/subscribed_apps` } as const;
  const answer = await callGraph(call, accessOf(account), tools);
  return answer.kind === 'success' ? done(true) : troubleOfHarmless(answer);
}

/** Undefined when the app is not subscribed at all. */
export async function subscribedFields(
  account: MessengerAccount,
  tools: Tools,
): Promise<Outcome<string[] | undefined>> {
  const call = { method: 'GET', path: `/${account.pageId}/subscribed_apps`, query: {} } as const;
  const answer = await callGraph(call, accessOf(account), tools);
  if (answer.kind !== 'success') return troubleOfHarmless(answer);
  const app = asRecords(answer.json['data']).find(({ id }) => asId(id) === account.appId);
  return done(app && asList(app['subscribed_fields']).flatMap((field) => asText(field) ?? []));
}
