import { done, type Outcome } from '../../domain/outcome.ts';
import { Secret } from '../../kit/secret.ts';
import type { Tools } from '../../kit/tools.ts';
import { callGraph, type GraphCall } from '../shared/graph/client.ts';
import { asId, asList, asRecord, asText, type JsonRecord } from '../shared/graph/json.ts';
import { troubleOfHarmless } from '../shared/graph/trouble.ts';
import { accessOf, type WhatsAppAccount } from './account.ts';
import { ask } from './call.ts';
import { whatsappErrors } from './error-rules.ts';

const object = 'whatsapp_business_account';

/** What the app must be subscribed to for every feature to work. */
export const webhookFields = [
  'messages',
  'user_preferences',
  'user_id_update',
  'account_update',
  'account_alerts',
  'phone_number_quality_update',
  'message_template_status_update',
] as const;

/** What Meta tells of the token: whose app it is of, how long it holds, what it may do. */
export async function inspectToken(account: WhatsAppAccount, tools: Tools): Promise<Outcome<JsonRecord>> {
  const query = { input_token: account.token.reveal() };
  const answer = await ask({ method: 'GET', path: '/debug_token', query }, account, tools);
  return answer.result === 'done' ? done(asRecord(answer.value['data']) ?? {}) : answer;
}

/** Undefined where Meta does not tell. */
export const appOf = (token: Outcome<JsonRecord>): string | undefined =>
  token.result === 'done' ? asId(token.value['app_id']) : undefined;

/** What the app as a whole has subscribed to, and where that goes (Graph API, "Application subscriptions"). */
export interface AppSubscription {
  callbackUrl?: string;
  fields: string[];
}

export async function appSubscription(
  app: string,
  account: WhatsAppAccount,
  tools: Tools,
): Promise<Outcome<AppSubscription>> {
  const answer = await askAsApp({ method: 'GET', path: `/${app}/subscriptions` }, app, account, tools);
  if (answer.result !== 'done') return answer;
  const own = asList(answer.value['data'])
    .map(asRecord)
    .find((each) => each?.['object'] === object);
  const callbackUrl = asText(own?.['callback_url']);
  const fields = asList(own?.['fields']).flatMap((field) => asText(asRecord(field)?.['name']) ?? asText(field) ?? []);
  return done({ ...(callbackUrl === undefined ? {} : { callbackUrl }), fields });
}

export const missingFields = ({ fields }: AppSubscription): string[] =>
  webhookFields.filter((field) => !fields.includes(field));

/** Adds what is missing; the address stays what it is, where there is one. */
export function subscribeApp(
  app: string,
  { callbackUrl, fields }: AppSubscription,
  webhookUrl: string,
  account: WhatsAppAccount,
  tools: Tools,
): Promise<Outcome<JsonRecord>> {
  const body = {
    object,
    callback_url: callbackUrl ?? webhookUrl,
    fields: [...new Set([...fields, ...webhookFields])].join(','),
    verify_token: account.verifyToken.reveal(),
  };
  return askAsApp({ method: 'POST', path: `/${app}/subscriptions`, body }, app, account, tools);
}

/** Subscriptions belong to the app, so that the app's own token asks: its id and its secret. */
async function askAsApp(
  call: GraphCall,
  app: string,
  account: WhatsAppAccount,
  tools: Tools,
): Promise<Outcome<JsonRecord>> {
  const token = new Secret(`${app}|${account.appSecret.reveal()}`);
  const answer = await callGraph(call, { ...accessOf(account), token }, tools);
  return answer.kind === 'success' ? done(answer.json) : troubleOfHarmless(answer, whatsappErrors);
}
