import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import {
  type AppSubscription,
  readAppSubscription,
  type SubscribingApp,
  writeAppSubscription,
} from '../shared/graph/app-subscription.ts';
import { asId, asRecord, type JsonRecord } from '../shared/json.ts';
import { accessOf, type WhatsAppAccount } from './account.ts';
import { ask } from './call.ts';
import { whatsappErrors } from './error-rules.ts';

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

/** The app as a whole, for what it can be told of WhatsApp accounts. */
const subscribing = (app: string, account: WhatsAppAccount): SubscribingApp => ({
  id: app,
  secret: account.appSecret,
  object: 'whatsapp_business_account',
  access: accessOf(account),
  errors: whatsappErrors,
});

export const appSubscription = (
  app: string,
  account: WhatsAppAccount,
  tools: Tools,
): Promise<Outcome<AppSubscription>> => readAppSubscription(subscribing(app, account), tools);

export const missingFields = ({ fields }: AppSubscription): string[] =>
  webhookFields.filter((field) => !fields.includes(field));

/** Adds what is missing; the address stays what it is, where there is one. */
export function subscribeApp(
  app: string,
  { callbackUrl = '', fields }: AppSubscription,
  webhookUrl: string,
  account: WhatsAppAccount,
  tools: Tools,
): Promise<Outcome<JsonRecord>> {
  const next = {
    callbackUrl: callbackUrl || webhookUrl,
    fields: [...new Set([...fields, ...webhookFields])],
    verifyToken: account.verifyToken,
  };
  return writeAppSubscription(subscribing(app, account), next, tools);
}
