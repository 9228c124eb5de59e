import type { Finding } from '../../domain/finding.ts';
import { Secret } from '../../kit/secret.ts';
import type { Tools } from '../../kit/tools.ts';
import { callGraph } from '../shared/graph/client.ts';
import { asList, asNumber, asRecord, asText } from '../shared/json.ts';
import { accessOf, type MessengerAccount } from './account.ts';

/** What each feature needs (Messenger Platform, "Permissions"). Others go with them, and are not asked for here. */
const needed = ['pages_messaging', 'pages_manage_metadata', 'pages_read_engagement'];

/** What the token may do, and how long it lives (Graph API, "Debug Token"). Asked as the app that it was made for. */
export async function tokenDetails(account: MessengerAccount, tools: Tools): Promise<Finding[]> {
  const access = accessOf(account);
  const asApp = { ...access, token: new Secret(`${account.appId}|${account.appSecret.reveal()}`) };
  const query = { input_token: account.pageToken.reveal() };
  const answer = await callGraph({ method: 'GET', path: '/debug_token', query }, asApp, tools);
  // A wrong app secret is told by the subscription already.
  const data = answer.kind === 'success' ? asRecord(answer.json['data']) : undefined;
  if (!data) return [];
  const scopes = asList(data['scopes']).flatMap((scope) => asText(scope) ?? []);
  return [
    appFinding(asText(data['app_id']), account),
    scopesFinding(scopes),
    lifeFinding(asNumber(data['expires_at']) ?? 0, tools.clock.now()),
  ];
}

const fix =
  'Make a page access token with a system user of the business, for this app and this page, and put it into pageToken.';

function appFinding(app: string | undefined, { appId }: MessengerAccount): Finding {
  const what = 'page token is one of this app';
  if (app === undefined || app === appId) return { ok: true, what };
  return { ok: false, what, why: `it was made for the app ${app}`, fix };
}

function scopesFinding(scopes: readonly string[]): Finding {
  const what = 'permissions of the page token';
  const missing = needed.filter((scope) => !scopes.includes(scope));
  if (missing.length === 0) return { ok: true, what };
  const why = `missing: ${missing.join(', ')}`;
  const matters = 'Without them messages are not sent, the subscription is not renewed, or the history is not read.';
  return { ok: false, what, why, fix: `${fix} Say yes to these permissions.`, matters };
}

/** Meta says 0 for never. */
function lifeFinding(expiresAt: number, now: Date): Finding {
  const what = 'page token does not expire';
  if (expiresAt === 0) return { ok: true, what };
  const days = Math.floor((expiresAt * 1_000 - now.getTime()) / 86_400_000);
  const why = `it ends on ${new Date(expiresAt * 1_000).toISOString().slice(0, 10)}`;
  return { ok: days >= 7, what, why, fix, ...(days >= 7 && { warning: true as const }) };
}
