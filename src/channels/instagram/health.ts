import type { Finding } from '../../domain/finding.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { GraphAnswer } from '../shared/graph/client.ts';
import { troubleOfHarmless } from '../shared/graph/trouble.ts';
import { asId, asRecord, type JsonRecord } from '../shared/json.ts';
import { callInstagram } from './access.ts';
import { type InstagramAccount, loginOf } from './account.ts';
import { readHistory } from './conversations.ts';
import { instagramErrors } from './error-rules.ts';
import { checkSubscription, subscribeFix } from './subscription.ts';

const loginFields = { instagram: 'user_id,username', facebook: 'id,name,instagram_business_account' } as const;

/** Asks whose the token is, whether the account sends its events to the app, and whether its history can be read. */
export async function checkHealth(account: InstagramAccount, tools: Tools): Promise<Finding[]> {
  const query = { fields: loginFields[loginOf(account)] };
  const token = tokenFinding(await callInstagram({ method: 'GET', path: '/me', query }, account, tools), account);
  if (!token.ok) return [token];
  return [token, await subscriptionFinding(account, tools), await historyFinding(account, tools)];
}

function tokenFinding(answer: GraphAnswer, account: InstagramAccount): Finding {
  const what = 'access token';
  const { fix } = words[loginOf(account)];
  if (answer.kind !== 'success') return { ok: false, what, why: troubleOfHarmless(answer, instagramErrors).why, fix };
  if (accountOf(answer.json, account) === account.accountId) return { ok: true, what };
  return { ok: false, what, why: `The token is not that of account ${account.accountId}.`, fix };
}

const accountOf = (json: JsonRecord, account: InstagramAccount): string | undefined =>
  loginOf(account) === 'facebook'
    ? asId(asRecord(json['instagram_business_account'])?.['id'])
    : (asId(json['user_id']) ?? asId(json['id']));

const words = {
  instagram: {
    fix: 'Generate a new long-lived token for this account (App Dashboard, Instagram, API setup with Instagram login) and put it into token.',
    permissions: 'instagram_business_basic and instagram_business_manage_messages',
  },
  facebook: {
    fix: 'Make an access token of the page that this account is linked to, and put it into token.',
    permissions: 'instagram_basic, instagram_manage_messages and pages_manage_metadata',
  },
} as const;

async function subscriptionFinding(account: InstagramAccount, tools: Tools): Promise<Finding> {
  const what = 'webhook subscription';
  const found = await checkSubscription(account, tools);
  if (found.result !== 'done') return { ok: false, what, why: found.why, fix: subscribeFix(account) };
  return found.value.ok ? { ok: true, what } : { what, ...found.value };
}

async function historyFinding(account: InstagramAccount, tools: Tools): Promise<Finding> {
  const what = 'conversations can be read, to find what no webhook told';
  const read: Outcome<unknown> = await readHistory(account, tools.clock.now(), tools);
  if (read.result === 'done') return { ok: true, what };
  const { permissions } = words[loginOf(account)];
  const fix = `The token needs the permissions ${permissions}, and the account's owner must allow access to messages.`;
  return { ok: false, what, why: read.why, fix };
}
