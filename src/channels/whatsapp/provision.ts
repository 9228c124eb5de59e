import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { SetupChange, SetupWish } from '../channel.ts';
import type { JsonRecord } from '../shared/json.ts';
import type { WhatsAppAccount } from './account.ts';
import { appOf, appSubscription, inspectToken, missingFields, subscribeApp } from './app-subscription.ts';
import { ask } from './call.ts';
import { ownWebhook } from './health.ts';
import { checkSubscription, subscribe } from './subscription.ts';

interface Setup {
  wish: SetupWish;
  account: WhatsAppAccount;
  tools: Tools;
}

/**
 * Subscribes the business account to the app and the app to its fields, and gives the number a webhook address of its own
 * (Cloud API, "Webhook overrides"), so that other numbers keep theirs. Taking away removes that address alone: others may
 * need the subscriptions.
 */
export async function provision(
  wish: SetupWish,
  account: WhatsAppAccount,
  tools: Tools,
): Promise<Outcome<SetupChange[]>> {
  const setup = { wish, account, tools };
  const steps = wish.remove ? [webhookAddress] : [subscription, webhookAddress];
  const changes: SetupChange[] = [];
  for (const step of steps) {
    const outcome = await step(setup);
    if (outcome.result !== 'done') return outcome;
    changes.push(...outcome.value);
  }
  return done(changes);
}

async function subscription(setup: Setup): Promise<Outcome<SetupChange[]>> {
  const { account, tools } = setup;
  // Where Meta does not tell which app it is, any subscription is taken for ours, and the fields are left alone.
  const app = appOf(await inspectToken(account, tools));
  const fields = app === undefined ? done([]) : await fieldsOf(app, setup);
  if (fields.result !== 'done') return fields;
  const subscribed = await checkSubscription(account, tools);
  if (subscribed.result !== 'done') return subscribed;
  if (subscribed.value.ok) return fields;
  const change = { what: 'webhook subscription', now: 'none', wanted: `of ${account.businessAccountId} by this app` };
  const applied = await applyIfWished(change, setup, () => subscribe(account, tools));
  return applied.result === 'done' ? done([...fields.value, ...applied.value]) : applied;
}

async function fieldsOf(app: string, setup: Setup): Promise<Outcome<SetupChange[]>> {
  const { wish, account, tools } = setup;
  const now = await appSubscription(app, account, tools);
  if (now.result !== 'done') return now;
  const missing = missingFields(now.value);
  if (missing.length === 0) return done([]);
  const change = {
    what: 'webhook fields',
    now: now.value.fields.join(', ') || 'none',
    wanted: `also ${missing.join(', ')}`,
  };
  return applyIfWished(change, setup, () => subscribeApp(app, now.value, wish.webhookUrl, account, tools));
}

async function webhookAddress(setup: Setup): Promise<Outcome<SetupChange[]>> {
  const { wish, account, tools } = setup;
  const path = `/${account.phoneNumberId}`;
  const number = await ask({ method: 'GET', path, query: { fields: 'webhook_configuration' } }, account, tools);
  if (number.result !== 'done') return number;
  const own = ownWebhook(number.value);
  // An address that somebody else set is not ours to take away.
  if ((own === wish.webhookUrl) !== wish.remove) return done([]);
  const change = {
    what: 'webhook address',
    now: own ?? 'none of its own',
    wanted: wish.remove ? 'none of its own' : wish.webhookUrl,
  };
  const body = { webhook_configuration: override(wish, account) };
  return applyIfWished(change, setup, () => ask({ method: 'POST', path, body }, account, tools));
}

/** An empty address takes the override away. */
const override = ({ remove, webhookUrl }: SetupWish, { verifyToken }: WhatsAppAccount): JsonRecord =>
  remove ? { override_callback_uri: '' } : { override_callback_uri: webhookUrl, verify_token: verifyToken.reveal() };

async function applyIfWished(
  change: SetupChange,
  { wish }: Setup,
  apply: () => Promise<Outcome<unknown>>,
): Promise<Outcome<SetupChange[]>> {
  const outcome = wish.apply ? await apply() : done({});
  return outcome.result === 'done' ? done([change]) : outcome;
}
