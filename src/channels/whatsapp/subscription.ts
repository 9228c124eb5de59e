import type { Subscription } from '../../domain/finding.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import { asId, asRecord, asRecords, type JsonRecord } from '../shared/json.ts';
import type { WhatsAppAccount } from './account.ts';
import { appOf, inspectToken } from './app-subscription.ts';
import { ask } from './call.ts';

const pathOf = (account: WhatsAppAccount): string => `/${account.businessAccountId}/subscribed_apps`;

/** Whether the business account sends its events to the app (Business Management API, "Subscribed apps"). */
export async function checkSubscription(account: WhatsAppAccount, tools: Tools): Promise<Outcome<Subscription>> {
  const apps = await ask({ method: 'GET', path: pathOf(account), canWait: true }, account, tools);
  if (apps.result !== 'done') return apps;
  if (isSubscribed(apps.value, appOf(await inspectToken(account, tools)))) return done({ ok: true });
  const why = 'The business account does not send its events to this app.';
  const fix = `POST ${pathOf(account)} with the token, which needs the permission whatsapp_business_management; with it the running service does so by itself.`;
  return done({ ok: false, why, fix });
}

/** May be repeated: the app stays subscribed. */
export async function subscribe(account: WhatsAppAccount, tools: Tools): Promise<Outcome<true>> {
  const answer = await ask({ method: 'POST', path: pathOf(account) }, account, tools);
  return answer.result === 'done' ? done(true) : answer;
}

/** Where the token does not tell which app it is of, any subscription is taken for ours. */
const isSubscribed = (json: JsonRecord, app: string | undefined): boolean =>
  asRecords(json['data'])
    .map((each) => asRecord(each['whatsapp_business_api_data']))
    .some((each) => each !== undefined && (app === undefined || asId(each['id']) === app));
