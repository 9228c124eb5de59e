import { minutes } from '../../domain/duration.ts';
import type { Finding, Subscription } from '../../domain/finding.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import { asId, asRecord } from '../shared/json.ts';
import { addressOf, type TelegramAccount } from './account.ts';
import { type BotAnswer, callBot, troubleOfHarmless } from './client.ts';
import { missingUpdates, readWebhook, type WebhookInfo, webhookUrlOf } from './setup.ts';

/** Asks whether the token is alive, and whether the bot's updates come here and are taken. */
export async function checkHealth(account: TelegramAccount, tools: Tools): Promise<Finding[]> {
  const token = tokenFinding(await callBot('getMe', {}, account, tools), account);
  if (!token.ok) return [token];
  const webhook = await readWebhook(account, tools);
  const why = webhook.kind === 'success' ? undefined : troubleOfHarmless(webhook).why;
  if (webhook.kind !== 'success') return [token, { ok: false, what: 'webhook address', ...(why ? { why } : {}), fix }];
  return [token, ...webhookFindings(webhook.info, account, tools)];
}

/** Whether updates come here. The webhook is not taken back by itself: another program may have been given the bot. */
export async function checkSubscription(account: TelegramAccount, tools: Tools): Promise<Outcome<Subscription>> {
  const webhook = await readWebhook(account, tools);
  if (webhook.kind !== 'success') return troubleOfHarmless(webhook);
  const findings = [addressFinding(webhook.info.url, webhookUrlOf(account, tools)), updatesFinding(webhook.info)];
  const bad = findings.find(({ ok }) => !ok);
  return done(bad ? { ok: false, why: bad.why ?? bad.what, fix: bad.fix ?? '' } : { ok: true });
}

function tokenFinding(answer: BotAnswer, account: TelegramAccount): Finding {
  const what = 'bot token';
  const mend = 'Ask @BotFather for the token (/token) and put it into botToken.';
  if (answer.kind !== 'success') return { ok: false, what, why: troubleOfHarmless(answer).why, fix: mend };
  const bot = asRecord(answer.result);
  if (asId(bot?.['id']) !== addressOf(account))
    return { ok: false, what, why: 'The token is not that of the bot it names.', fix: mend };
  if (bot?.['can_join_groups'] === true)
    return {
      ok: true,
      what,
      why: 'anybody may add the bot to groups, which it leaves; @BotFather /setjoingroups forbids it',
    };
  return { ok: true, what };
}

const fix = 'Run `npx passerelle provision`: it enters the address, the secret and the updates at Telegram.';
/** Older failures say nothing about now. */
const recent = minutes(15);
/** More than this many updates waiting means that they are not taken. */
const many = 100;

function webhookFindings(info: WebhookInfo, account: TelegramAccount, tools: Tools): Finding[] {
  const address = addressFinding(info.url, webhookUrlOf(account, tools));
  if (!address.ok) return [address];
  return [address, updatesFinding(info), deliveryFinding(info, tools.clock.now())];
}

function addressFinding(url: string, own: string | undefined): Finding {
  const what = 'webhook address';
  if (own === undefined)
    return { ok: false, what, why: 'This service does not know its own address.', fix: 'Set server.publicUrl.' };
  if (url === own) return { ok: true, what };
  return {
    ok: false,
    what,
    why: url === '' ? 'Telegram sends updates nowhere.' : `Telegram sends updates to ${url}.`,
    fix,
  };
}

function updatesFinding(info: WebhookInfo): Finding {
  const what = 'updates';
  const missing = missingUpdates(info);
  if (missing.length === 0) return { ok: true, what };
  return { ok: false, what, why: `Telegram does not send: ${missing.join(', ')}.`, fix };
}

function deliveryFinding({ lastError, pending }: WebhookInfo, now: Date): Finding {
  const what = 'delivery';
  const failing = lastError && now.getTime() - lastError.at.getTime() < recent;
  if (failing)
    return { ok: false, what, why: `Telegram could not deliver lately: ${lastError.message}.`, fix: deliveryFix };
  if (pending > many) return { ok: false, what, why: `${pending} updates wait at Telegram.`, fix: deliveryFix };
  return { ok: true, what };
}

const deliveryFix =
  'A 401 means that secretToken changed: run `npx passerelle provision`. Else look at the certificate, the port (443, 80, 88 or 8443) and the log.';
