import type { Finding, Subscription } from '../../domain/finding.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { AppSubscription } from '../shared/graph/app-subscription.ts';
import { asId, asList, asNumber, asRecord, asText, type JsonRecord } from '../shared/json.ts';
import type { WhatsAppAccount } from './account.ts';
import { appOf, appSubscription, inspectToken, missingFields, webhookFields } from './app-subscription.ts';
import { ask } from './call.ts';
import { checkSubscription } from './subscription.ts';

/** What the token must be allowed to do, and what for. */
const permissions = { whatsapp_business_messaging: 'send and receive', whatsapp_business_management: 'read templates' };

const numberFields = 'display_phone_number,verified_name,quality_rating,status,name_status,webhook_configuration';

/** Asks what the token may do, how the number fares, whose it is, and whether its events come to the app and from there here. */
export async function checkHealth(account: WhatsAppAccount, tools: Tools): Promise<Finding[]> {
  const read = (path: string, query: Record<string, string>) => ask({ method: 'GET', path, query }, account, tools);
  const number = await read(`/${account.phoneNumberId}`, { fields: numberFields });
  if (number.result !== 'done') return [notUsable(number, account)];
  const token = await inspectToken(account, tools);
  const own = await read(`/${account.businessAccountId}/phone_numbers`, { fields: 'id', limit: '100' });
  const app = appOf(token);
  return [
    ...tokenFindings(token, tools.clock.now()),
    numberFinding(number.value),
    ownerFinding(own, account),
    subscriptionFinding(await checkSubscription(account, tools)),
    ...(app === undefined ? [] : [fieldsFinding(await appSubscription(app, account, tools))]),
    addressFinding(number.value, account, tools.publicUrl),
  ];
}

const notUsable = ({ why }: { why: string }, account: WhatsAppAccount): Finding => ({
  ok: false,
  what: 'access token and phone number',
  why,
  fix: `Make a token of a system user who has been assigned the WhatsApp account, and check that ${account.phoneNumberId} is the phone number's id.`,
});

function tokenFindings(answer: Outcome<JsonRecord>, now: Date): Finding[] {
  const what = 'access token';
  if (answer.result !== 'done') return [{ ok: true, what, why: 'It works; Meta does not tell what else it may do.' }];
  const { expires_at: expiresAt, scopes } = answer.value;
  return [lifeFinding(asNumber(expiresAt) ?? 0, now), permissionFinding(asList(scopes))];
}

/** Zero: it does not end. Meta tells whole seconds. */
function lifeFinding(expiresAt: number, now: Date): Finding {
  const what = 'access token';
  if (expiresAt === 0) return { ok: true, what };
  const day = new Date(expiresAt * 1000).toISOString().slice(0, 10);
  const over = expiresAt * 1000 <= now.getTime();
  const why = over ? `It ended on ${day}.` : `It ends on ${day}.`;
  return { ok: false, what, why, fix: 'Make a token of a system user that never expires, and put it into token.' };
}

function permissionFinding(scopes: unknown[]): Finding {
  const what = 'permissions';
  const missing = Object.entries(permissions).filter(([scope]) => !scopes.includes(scope));
  if (missing.length === 0) return { ok: true, what };
  const why = `The token lacks ${missing.map(([scope, use]) => `${scope} (to ${use})`).join(' and ')}.`;
  return { ok: false, what, why, fix: 'Generate the token again with these permissions.' };
}

function numberFinding(number: JsonRecord): Finding {
  const what = `phone number ${asText(number['display_phone_number']) ?? ''}`.trim();
  const status = asText(number['status']);
  const fix = 'Look at the number in WhatsApp Manager; it must be registered and connected.';
  if (status !== undefined && status !== 'CONNECTED') return { ok: false, what, why: `Its status is ${status}.`, fix };
  if (number['quality_rating'] === 'RED')
    return { ok: false, what, why: 'Its quality rating is low: people block or report its messages.', fix };
  const rating = asText(number['quality_rating']);
  return { ok: true, what, ...(rating === undefined ? {} : { why: `Quality rating: ${rating}.` }) };
}

function ownerFinding(answer: Outcome<JsonRecord>, account: WhatsAppAccount): Finding {
  const what = 'business account';
  const fix = "Put the id of the number's WhatsApp Business Account into businessAccountId.";
  if (answer.result !== 'done') return { ok: false, what, why: answer.why, fix };
  const ids = asList(answer.value['data']).map((each) => asId(asRecord(each)?.['id']));
  if (ids.includes(account.phoneNumberId)) return { ok: true, what };
  return { ok: false, what, why: `The number does not belong to business account ${account.businessAccountId}.`, fix };
}

function subscriptionFinding(answer: Outcome<Subscription>): Finding {
  const what = 'webhook subscription';
  if (answer.result !== 'done') return { ok: false, what, why: answer.why, fix: 'See the access token.' };
  return { what, ...answer.value };
}

/** An address of its own; without one its events go to the address that is set for the business account or the app. */
export const ownWebhook = (number: JsonRecord): string | undefined =>
  asText(asRecord(number['webhook_configuration'])?.['phone_number']);

function fieldsFinding(answer: Outcome<AppSubscription>): Finding {
  const what = 'webhook fields';
  const fix = `App Dashboard, WhatsApp, Configuration: subscribe to ${webhookFields.join(', ')}.`;
  if (answer.result !== 'done') return { ok: false, what, why: answer.why, fix };
  const missing = missingFields(answer.value);
  if (missing.length === 0) return { ok: true, what };
  return { ok: false, what, why: `The app is not told: ${missing.join(', ')}.`, fix };
}

function addressFinding(number: JsonRecord, account: WhatsAppAccount, publicUrl: string | undefined): Finding {
  const what = 'webhook address';
  const url = addressInForce(asRecord(number['webhook_configuration']) ?? {});
  const forAll = `${publicUrl ?? '{publicUrl}'}/webhooks/whatsapp`;
  const wanted = [`${forAll}/${account.id}`, forAll];
  if (url !== undefined && (publicUrl === undefined || wanted.includes(url))) return { ok: true, what, why: url };
  const why = url === undefined ? 'No address is set.' : `Events of this number go to ${url}.`;
  return { ok: false, what, why, fix: `Set it to ${wanted[0]} (npx passerelle provision ${account.id}).` };
}

/** The narrowest wins. */
const addressInForce = (configured: JsonRecord): string | undefined =>
  ['phone_number', 'whatsapp_business_account', 'application']
    .map((level) => asText(configured[level]))
    .find((url) => url !== undefined);
