import type { Finding } from '../../domain/finding.ts';
import type { Tools } from '../../kit/tools.ts';
import { callGraph, type GraphAnswer } from '../shared/graph/client.ts';
import { troubleOfHarmless } from '../shared/graph/trouble.ts';
import { asId } from '../shared/json.ts';
import { accessOf, type MessengerAccount } from './account.ts';
import { readHistory } from './read-history.ts';
import { checkSubscription, subscribeFix } from './subscription.ts';
import { tokenDetails } from './token-health.ts';

/** Asks whether the token is that of the page, whether the page sends its events to the app, and shows its history. */
export async function checkHealth(account: MessengerAccount, tools: Tools): Promise<Finding[]> {
  const me = { method: 'GET', path: '/me', query: { fields: 'id,name' } } as const;
  const token = tokenFinding(await callGraph(me, accessOf(account), tools), account);
  if (!token.ok) return [token];
  const details = await tokenDetails(account, tools);
  return [token, ...details, await subscriptionFinding(account, tools), await historyFinding(account, tools)];
}

function tokenFinding(answer: GraphAnswer, account: MessengerAccount): Finding {
  const what = 'page token';
  const fix = 'Make a page access token for this page and put it into pageToken.';
  if (answer.kind !== 'success') return { ok: false, what, why: troubleOfHarmless(answer).why, fix };
  if (asId(answer.json['id']) === account.pageId) return { ok: true, what };
  return { ok: false, what, why: `The token is not that of page ${account.pageId}.`, fix };
}

async function subscriptionFinding(account: MessengerAccount, tools: Tools): Promise<Finding> {
  const what = 'webhook subscription';
  const found = await checkSubscription(account, tools);
  if (found.result !== 'done') return { ok: false, what, why: found.why, fix: subscribeFix(account) };
  return found.value.ok ? { ok: true, what } : { what, ...found.value };
}

async function historyFinding(account: MessengerAccount, tools: Tools): Promise<Finding> {
  const what = 'conversations can be read, to find what no webhook told';
  const read = await readHistory(account, tools.clock.now(), tools);
  if (read.result === 'done') return { ok: true, what };
  return {
    ok: false,
    what,
    why: read.why,
    fix: 'The token needs the permissions pages_messaging and pages_read_engagement.',
  };
}
