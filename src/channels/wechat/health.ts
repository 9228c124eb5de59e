import type { Finding } from '../../domain/finding.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { JsonRecord } from '../shared/json.ts';
import type { WeChatAccount } from './account.ts';
import { askWeChat } from './client.ts';
import { byHand } from './setup.ts';
import { group, number } from './wire.ts';

/** Asks whether the token is taken from this address, whether the menu, customers and templates may be read, and how many calls the day has left. */
export async function checkHealth(account: WeChatAccount, tools: Tools): Promise<Finding[]> {
  const get = (path: string) => askWeChat({ method: 'GET', path }, account, tools);
  const menu = await get('/cgi-bin/get_current_selfmenu_info');
  const token = tokenFinding(menu);
  if (!token.ok) return [token];
  return [
    token,
    menuFinding(menu),
    finding('template messages', await get('/cgi-bin/template/get_all_private_template'), permission),
    await quotaFinding(account, tools),
    webhookFinding(account, tools),
  ];
}

const permission =
  'Look at Settings and Development, API permissions: a verified service account has them. Without it only this part does not work.';
const later = 'Ask again in a minute.';

/** The first call shows whether there is a token at all; an API that is missing is no matter of the token. */
function tokenFinding(menu: Outcome<JsonRecord>): Finding {
  const what = 'access token and IP whitelist';
  if (menu.result === 'done' || menu.result === 'never' || isPermission(menu)) return { ok: true, what };
  const fix =
    menu.result === 'account-broken'
      ? 'Compare appId and appSecret with Basic configuration in the admin page, and see that this server is on its IP whitelist.'
      : later;
  return { ok: false, what, why: menu.why, fix };
}

const isPermission = (outcome: Outcome<JsonRecord>): boolean =>
  outcome.result === 'account-broken' && /\(error 4800\d\)$/.test(outcome.why);

const finding = (what: string, answer: Outcome<JsonRecord>, fix: string): Finding =>
  answer.result === 'done' ? { ok: true, what } : { ok: false, what, why: answer.why, fix };

/** Once a server is configured, the menu of the admin page is no longer shown. */
function menuFinding(menu: Outcome<JsonRecord>): Finding {
  const what = 'custom menu';
  if (menu.result !== 'done') return finding(what, menu, permission);
  if (number(menu.value, 'is_menu_open') !== 0) return { ok: true, what };
  return {
    ok: true,
    what,
    why: 'There is none; one made in the admin page ends when Server configuration is enabled.',
  };
}

/** Warned of when so much of the day's calls is used. */
const nearlyUsed = 0.9;

/** "Query API quota". */
async function quotaFinding(account: WeChatAccount, tools: Tools): Promise<Finding> {
  const what = "the day's customer service messages";
  const body = { cgi_path: '/cgi-bin/message/custom/send' };
  const answer = await askWeChat({ method: 'POST', path: '/cgi-bin/openapi/quota/get', body }, account, tools);
  if (answer.result !== 'done') return finding(what, answer, later);
  const quota = group(answer.value, 'quota');
  const [used, most] = [number(quota, 'used') ?? 0, number(quota, 'daily_limit') ?? 0];
  const why = `${used} of ${most} sent`;
  if (most === 0 || used < most * nearlyUsed) return { ok: true, what, why };
  const fix = 'WeChat counts anew at midnight in China; an administrator may clear the count 10 times a month.';
  return { ok: false, what, why, fix };
}

function webhookFinding(account: WeChatAccount, { publicUrl }: Tools): Finding {
  const url = `${publicUrl ?? 'https://{your host}'}/webhooks/wechat/${account.id}`;
  const mode = account.encodingAesKey
    ? ''
    : ' The account is in plain mode, where the signature covers nothing of what is said: safe mode is better.';
  return { ok: true, what: 'webhook address', why: `WeChat tells nobody what is set. ${byHand(url)}${mode}` };
}
