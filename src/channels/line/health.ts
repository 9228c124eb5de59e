import type { Finding, Subscription } from '../../domain/finding.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import { asNumber, asText } from '../shared/json.ts';
import type { LineAccount } from './account.ts';
import { callLine, type LineAnswer } from './client.ts';
import { webhookAt } from './setup.ts';
import { type NoSuccess, troubleOfRepeatable } from './trouble.ts';

/** Asks whether the token lives, the webhook is set, on and reachable, and how many messages the plan has left this month. */
export async function checkHealth(account: LineAccount, tools: Tools): Promise<Finding[]> {
  const get = (path: string) => callLine({ method: 'GET', path }, account, tools);
  const bot = await get('/v2/bot/info');
  const token = tokenFinding(bot, account);
  if (!token.ok) return [token];
  const webhook = await webhookFinding(account, tools);
  return [
    token,
    webhook,
    ...(webhook.ok ? [await trialFinding(account, tools)] : []),
    quotaFinding(await get('/v2/bot/message/quota'), await get('/v2/bot/message/quota/consumption')),
    chatFinding(bot),
  ];
}

const later = 'Ask again in a minute; if it stays so, look at LINE API status (https://api.line-status.info).';
const whyOf = (answer: NoSuccess): string => troubleOfRepeatable(answer).why;

function tokenFinding(answer: LineAnswer, account: LineAccount): Finding {
  const what = 'channel access token';
  const fix = 'Issue a long-lived token (LINE Developers Console, Messaging API) and put it into channelAccessToken.';
  if (answer.kind !== 'success') return { ok: false, what, why: whyOf(answer), fix };
  const bot = asText(answer.json['userId']);
  if (account.botUserId === undefined || account.botUserId === bot) return { ok: true, what };
  return { ok: false, what, why: `The token is that of the bot ${bot}, not of ${account.botUserId}.`, fix };
}

async function webhookFinding(account: LineAccount, tools: Tools): Promise<Finding> {
  const what = 'webhook address';
  const found = await checkSubscription(account, tools);
  return found.result === 'done' ? { what, ...found.value } : { ok: false, what, why: found.why, fix: later };
}

/** Whether LINE calls our webhook ("Get webhook endpoint information"). Only a person can turn it on. */
export async function checkSubscription(account: LineAccount, tools: Tools): Promise<Outcome<Subscription>> {
  const now = await webhookAt(account, tools);
  return now.result === 'done' ? done(subscriptionOf(now.value, account, tools)) : now;
}

function subscriptionOf(
  { url, active }: { url?: string; active: boolean },
  account: LineAccount,
  tools: Tools,
): Subscription {
  const wanted = tools.publicUrl === undefined ? url : `${tools.publicUrl}/webhooks/line/${account.id}`;
  if (url === undefined || url !== wanted) {
    const fix = 'Run `passerelle provision`, or enter the address in the LINE Developers Console, Messaging API.';
    return { ok: false, why: `LINE delivers to ${url ?? 'nowhere'}${wanted ? `, not to ${wanted}` : ''}.`, fix };
  }
  const fix =
    'Turn on "Use webhook" in the LINE Developers Console, Messaging API; and "Webhook redelivery" beside it.';
  return active ? { ok: true } : { ok: false, why: 'The webhook is turned off.', fix };
}

/** LINE calls the webhook now ("Test webhook endpoint"). */
async function trialFinding(account: LineAccount, tools: Tools): Promise<Finding> {
  const what = 'webhook as LINE reaches it';
  const answer = await callLine({ method: 'POST', path: '/v2/bot/channel/webhook/test', body: {} }, account, tools);
  if (answer.kind !== 'success') return { ok: false, what, why: whyOf(answer), fix: later };
  if (answer.json['success'] === true) return { ok: true, what };
  const reason = asText(answer.json['reason']) ?? 'no reason given';
  const fix =
    'The service must run, at HTTPS with a public certificate, and channelSecret must be that of this channel.';
  return { ok: false, what, why: `LINE tried it: ${reason}, status ${asNumber(answer.json['statusCode']) ?? 0}.`, fix };
}

/** Warned of when so much of the month's messages is used. */
const nearlyUsed = 0.9;

function quotaFinding(quota: LineAnswer, consumption: LineAnswer): Finding {
  const what = "this month's messages";
  if (quota.kind !== 'success') return { ok: false, what, why: whyOf(quota), fix: later };
  if (consumption.kind !== 'success') return { ok: false, what, why: whyOf(consumption), fix: later };
  const most = asNumber(quota.json['value']);
  const used = asNumber(consumption.json['totalUsage']) ?? 0;
  if (quota.json['type'] !== 'limited' || most === undefined) return { ok: true, what, why: `${used} sent, no limit` };
  const why = `${used} of ${most} sent`;
  if (used < most * nearlyUsed) return { ok: true, what, why };
  const fix =
    'Take a larger plan, or allow additional messages, in LINE Official Account Manager; answers within a minute stay free.';
  return { ok: false, what, why, fix };
}

/** With chat on, colleagues may answer in LINE's own manager, of which LINE tells nobody. */
function chatFinding(bot: LineAnswer): Finding {
  const on = bot.kind === 'success' && bot.json['chatMode'] === 'chat';
  const why = 'Chat is on in LINE Official Account Manager: what is answered there does not appear on tickets.';
  return { ok: true, what: 'chat mode', ...(on ? { why } : {}) };
}
