import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { SetupChange, SetupWish } from '../channel.ts';
import { type AppSubscription, readAppSubscription, writeAppSubscription } from '../shared/graph/app-subscription.ts';
import { accessOf, type MessengerAccount } from './account.ts';
import { profileSetUp } from './page-profile.ts';
import { subscribe, subscribedFields, unsubscribe, webhookFields } from './subscription.ts';

type Step = (wish: SetupWish, account: MessengerAccount, tools: Tools) => Promise<Outcome<SetupChange[]>>;

/**
 * Gives the app an address here and the fields it needs, subscribes the page to it, and sets what the page shows. Taking
 * away ends the page's subscription and takes back what the page shows: the app's address serves its other pages too.
 */
export async function provision(
  wish: SetupWish,
  account: MessengerAccount,
  tools: Tools,
): Promise<Outcome<SetupChange[]>> {
  const steps: Step[] = wish.remove ? [profile, pageRemoved] : [appSetUp, pageSetUp, profile];
  const changes: SetupChange[] = [];
  for (const step of steps) {
    const outcome = await step(wish, account, tools);
    if (outcome.result !== 'done') return outcome;
    changes.push(...outcome.value);
  }
  return done(changes);
}

const profile: Step = (wish, account, tools) =>
  profileSetUp(wish, { id: account.pageId, profile: account.pageProfile, access: accessOf(account) }, tools);

async function appSetUp(wish: SetupWish, account: MessengerAccount, tools: Tools): Promise<Outcome<SetupChange[]>> {
  const app = { id: account.appId, object: 'page', access: accessOf(account) };
  const now = await readAppSubscription(app, tools);
  if (now.result !== 'done') return now;
  const changes = appChanges(now.value, wish);
  if (!wish.apply || changes.length === 0) return done(changes);
  const next = {
    callbackUrl: isOurs(now.value, wish) ? now.value.callbackUrl! : wish.webhookUrl,
    fields: [...new Set([...now.value.fields, ...webhookFields])],
    verifyToken: account.verifyToken,
  };
  const written = await writeAppSubscription(app, next, tools);
  return written.result === 'done' ? done(changes) : written;
}

function appChanges(now: AppSubscription, wish: SetupWish): SetupChange[] {
  const address = { what: 'webhook address of the app', now: now.callbackUrl ?? 'none', wanted: wish.webhookUrl };
  return [...(isOurs(now, wish) ? [] : [address]), ...fieldsChange('webhook fields of the app', now.fields)];
}

/** An app has one address for all its pages; the door finds the page by its name in each event. */
function isOurs({ callbackUrl }: AppSubscription, { webhookUrl }: SetupWish): boolean {
  const forAll = webhookUrl.slice(0, webhookUrl.lastIndexOf('/'));
  return callbackUrl === forAll || callbackUrl?.startsWith(`${forAll}/`) === true;
}

function fieldsChange(what: string, fields: readonly string[]): SetupChange[] {
  const missing = webhookFields.filter((field) => !fields.includes(field));
  if (missing.length === 0) return [];
  return [{ what, now: fields.join(', ') || 'none', wanted: `also ${missing.join(', ')}` }];
}

async function pageSetUp(wish: SetupWish, account: MessengerAccount, tools: Tools): Promise<Outcome<SetupChange[]>> {
  const fields = await subscribedFields(account, tools);
  if (fields.result !== 'done') return fields;
  const changes = fieldsChange('what the page sends to the app', fields.value ?? []);
  if (!wish.apply || changes.length === 0) return done(changes);
  const subscribed = await subscribe(account, tools);
  return subscribed.result === 'done' ? done(changes) : subscribed;
}

async function pageRemoved(wish: SetupWish, account: MessengerAccount, tools: Tools): Promise<Outcome<SetupChange[]>> {
  const fields = await subscribedFields(account, tools);
  if (fields.result !== 'done') return fields;
  if (!fields.value) return done([]);
  const change = { what: 'what the page sends to the app', now: fields.value.join(', '), wanted: 'nothing' };
  const ended = wish.apply ? await unsubscribe(account, tools) : done(true);
  return ended.result === 'done' ? done([change]) : ended;
}
