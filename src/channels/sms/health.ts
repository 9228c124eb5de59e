import type { Finding, Subscription } from '../../domain/finding.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import { asText } from '../shared/json.ts';
import { addressOf, type SmsAccount, senderForm } from './account.ts';
import { callTwilio, ofAccount, type TwilioAnswer, troubleOfHarmless } from './client.ts';
import { readSetup, type SenderSetup } from './sender-setup.ts';
import { webhookOverrides, webhookUrlOf, withoutOverrides } from './webhook-url.ts';

/** Asks whether the credentials hold, the sender is the account's, and its messages come here. */
export async function checkHealth(account: SmsAccount, tools: Tools): Promise<Finding[]> {
  const answer = await callTwilio({ method: 'GET', path: ofAccount(account, '.json') }, account, tools);
  const credentials = credentialsFinding(answer);
  if (!credentials.ok) return [credentials];
  const setup = await readSetup(account, tools);
  if (setup.result !== 'done') return [credentials, senderTrouble(setup.why, account)];
  const sender = senderFinding(setup.value, account);
  return [credentials, sender, ...(setup.value ? webhookFindings(setup.value, account, tools) : []), recycling];
}

/** Whether what customers write comes here. The address is not mended by itself: another service may have taken the number. */
export async function checkSubscription(account: SmsAccount, tools: Tools): Promise<Outcome<Subscription>> {
  const setup = await readSetup(account, tools);
  if (setup.result !== 'done') return setup;
  const bad = setup.value && webhookFindings(setup.value, account, tools).find(({ ok }) => !ok);
  return done(bad ? { ok: false, why: bad.why ?? bad.what, fix: bad.fix ?? '' } : { ok: true });
}

function credentialsFinding(answer: TwilioAnswer): Finding {
  const what = 'credentials';
  const fix = 'Copy Account SID and auth token anew from the Twilio Console, Account Info.';
  if (answer.kind !== 'success') return { ok: false, what, why: troubleOfHarmless(answer).why, fix };
  const status = asText(answer.json['status']) ?? 'unknown';
  if (status !== 'active')
    return { ok: false, what, why: `The Twilio account is ${status}.`, fix: 'See the Twilio Console for why.' };
  if (asText(answer.json['type']) === 'Trial')
    return { ok: true, what, why: 'a trial account writes only to numbers verified in the Console' };
  return { ok: true, what };
}

const senderTrouble = (why: string, account: SmsAccount): Finding => ({
  ok: false,
  what: 'sender',
  why,
  fix: `Check ${addressOf(account)}: it must be a sender of the account in accountSid.`,
});

function senderFinding(setup: SenderSetup | undefined, account: SmsAccount): Finding {
  const what = 'sender';
  if (senderForm(account) === 'name')
    return { ok: true, what, why: 'it is a name: customers cannot answer it, so nothing comes in here' };
  if (setup?.sends?.sms === false) return senderTrouble('This number cannot send SMS.', account);
  if (setup?.sends?.mms === false) return { ok: true, what, why: 'it cannot send files (MMS)' };
  return { ok: true, what };
}

const provisionFix = (account: SmsAccount) =>
  `Run \`npx passerelle provision\`, or enter the address in the Twilio Console for ${addressOf(account)}, with POST.`;

function webhookFindings(setup: SenderSetup, account: SmsAccount, tools: Tools): Finding[] {
  const what = 'webhook address';
  const fix = provisionFix(account);
  const own = webhookUrlOf(account, tools);
  const bad = (why: string, mend = fix): Finding[] => [{ ok: false, what, why, fix: mend }];
  if (own === undefined)
    return bad('Twilio signs the public address, which this service does not know.', 'Set server.publicUrl.');
  if (setup.override !== '') return bad(`Its messages go to ${setup.override} instead of its address.`);
  if (setup.url === '') return bad('Twilio sends its messages nowhere.');
  if (withoutOverrides(setup.url) !== own) return bad(elsewhere(withoutOverrides(setup.url), own), publicUrlFix(fix));
  if (setup.method.toUpperCase() !== 'POST') return bad('Twilio calls the address with GET.');
  return [{ ok: true, what }, retriesFinding(setup, fix)];
}

/** Signatures are over the address, so that even a slightly different one makes all of them wrong. */
const elsewhere = (url: string, own: string): string =>
  `Twilio calls ${url}, but by server.publicUrl this account is at ${own}; signatures are over the address, so all would be refused.`;

const publicUrlFix = (fix: string): string => `If Twilio has the right address, mend server.publicUrl. Else: ${fix}`;

function retriesFinding({ url }: SenderSetup, fix: string): Finding {
  const what = 'webhook retries';
  if (url.includes('#')) return { ok: true, what };
  const why = 'Without retries Twilio calls once, and what is written while this service is away comes late.';
  return { ok: false, what, why, fix: `Let the address end with ${webhookOverrides}. ${fix}` };
}

/** Always true, and worth knowing. */
const recycling: Finding = {
  ok: true,
  what: 'identity',
  why: 'a customer is a phone number, which phone companies give to somebody else after a while',
};
