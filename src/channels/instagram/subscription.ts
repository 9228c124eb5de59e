import type { Subscription } from '../../domain/finding.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import { troubleOfHarmless } from '../shared/graph/trouble.ts';
import { asList, asRecords, asText } from '../shared/json.ts';
import { callInstagram } from './access.ts';
import { type InstagramAccount, loginOf } from './account.ts';
import { instagramErrors } from './error-rules.ts';

/**
 * What must be subscribed for every feature of the chat to work. By Facebook it is the page that is subscribed, with any of its
 * fields; those of Instagram are chosen once for the app, in the App Dashboard.
 */
const needed = {
  instagram: [
    'messages',
    'message_echoes',
    'message_reactions',
    'message_edit',
    'messaging_postbacks',
    'messaging_referral',
    'messaging_seen',
  ],
  facebook: ['messages'],
} as const;

/** What needs a further permission, or what few apps have a use for: asked for, but not missed. */
const useful = {
  instagram: ['messaging_optins', 'messaging_handover', 'standby', 'comments', 'live_comments', 'mentions'],
  facebook: [],
} as const;

const path = '/me/subscribed_apps';

export const subscribeFix = (account: InstagramAccount): string =>
  `POST ${path}?subscribed_fields=${needed[loginOf(account)].join(',')} with the token; with the permission for it the running service does so by itself.`;

/** Whether the account sends its events to the app. */
export async function checkSubscription(account: InstagramAccount, tools: Tools): Promise<Outcome<Subscription>> {
  const fields = await subscribedFields(account, tools);
  if (fields.result !== 'done') return fields;
  const fix = subscribeFix(account);
  if (fields.value.length === 0)
    return done({ ok: false, why: 'The account does not send its events to this app.', fix });
  const missing = needed[loginOf(account)].filter((field) => !fields.value.includes(field));
  if (missing.length === 0) return done({ ok: true });
  return done({ ok: false, why: `The account does not send: ${missing.join(', ')}.`, fix });
}

/** Subscribes the app to all it can use; where that is refused, to what it needs. What it had beside that it keeps. */
export async function subscribe(account: InstagramAccount, tools: Tools): Promise<Outcome<true>> {
  const fields = await subscribedFields(account, tools);
  if (fields.result !== 'done') return fields;
  const login = loginOf(account);
  const all = await subscribeTo([...needed[login], ...useful[login], ...fields.value], account, tools);
  return all.result === 'done' ? all : subscribeTo([...needed[login], ...fields.value], account, tools);
}

export async function unsubscribe(account: InstagramAccount, tools: Tools): Promise<Outcome<true>> {
  const answer = await callInstagram({ method: 'DELETE', path }, account, tools);
  return answer.kind === 'success' ? done(true) : troubleOfHarmless(answer, instagramErrors);
}

async function subscribeTo(fields: string[], account: InstagramAccount, tools: Tools): Promise<Outcome<true>> {
  const query = { subscribed_fields: [...new Set(fields)].join(',') };
  const answer = await callInstagram({ method: 'POST', path, query }, account, tools);
  return answer.kind === 'success' ? done(true) : troubleOfHarmless(answer, instagramErrors);
}

/** Of all apps that are shown: which of them is ours is told nowhere, and most tokens see only their own. */
export async function subscribedFields(account: InstagramAccount, tools: Tools): Promise<Outcome<string[]>> {
  const answer = await callInstagram({ method: 'GET', path }, account, tools);
  if (answer.kind !== 'success') return troubleOfHarmless(answer, instagramErrors);
  const apps = asRecords(answer.json['data']);
  return done(apps.flatMap((app) => asList(app['subscribed_fields'])).flatMap((field) => asText(field) ?? []));
}
