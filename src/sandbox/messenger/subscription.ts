import { randomInt } from 'node:crypto';
import { GraphError, invalid } from './graph-error.ts';
import { usualFields, type World } from './state.ts';

type Json = Record<string, unknown>;

/** Further fields of a page (Messenger Platform, "Webhooks"), of which the sandbox never sends any. */
const otherFields = ['feed', 'inbox_labels', 'messaging_feedback', 'messaging_customer_information', 'send_cart'];

/** By the key of an item, in the order they are looked for, the field that must be subscribed for it to be sent. */
const fieldOf: Record<string, string> = {
  postback: 'messaging_postbacks',
  delivery: 'message_deliveries',
  read: 'message_reads',
  reaction: 'message_reactions',
  message_edit: 'message_edits',
  referral: 'messaging_referrals',
  optin: 'messaging_optins',
  account_linking: 'messaging_account_linking',
  pass_thread_control: 'messaging_handovers',
  take_thread_control: 'messaging_handovers',
  policy_enforcement: 'messaging_policy_enforcement',
};

/** Whether the page sends such an item to the app. */
export function isSubscribed({ state }: World, item: Json, standby: boolean): boolean {
  const { subscribedFields: fields } = state;
  const echo = (item['message'] as Json | undefined)?.['is_echo'] === true;
  const key = Object.keys(item).find((name) => Object.hasOwn(fieldOf, name));
  const field = echo ? 'message_echoes' : key === undefined ? 'messages' : fieldOf[key]!;
  const wanted = standby ? 'standby' : field;
  return state.appFields.includes(wanted) && fields?.includes(wanted) === true;
}

/** GET /{page}/subscribed_apps. */
export const subscribedApps = ({ options, state }: World): Json => ({
  data: state.subscribedFields
    ? [{ id: options.appId, name: 'app', category: 'Business', subscribed_fields: state.subscribedFields }]
    : [],
});

/** POST /{page}/subscribed_apps: the fields replace those there were. */
export function subscribeApp({ state }: World, query: Json): Json {
  if (!state.maySubscribe) {
    throw new GraphError('(#200) Requires pages_manage_metadata permission to manage the object', 200, undefined, 403);
  }
  state.subscribedFields = readFields('subscribed_fields', query['subscribed_fields']);
  return { success: true };
}

function readFields(name: string, value: unknown): string[] {
  const fields = String(value ?? '')
    .split(',')
    .filter((field) => field !== '');
  if (fields.length === 0) throw invalid(`Param ${name} must be a non-empty array`);
  const stranger = fields.find((field) => ![...usualFields, ...otherFields].includes(field));
  if (stranger !== undefined) throw invalid(`Param ${name}[0] must be one of {…} - got "${stranger}"`);
  return fields;
}

/** DELETE /{page}/subscribed_apps. */
export function unsubscribeApp({ state }: World): Json {
  state.subscribedFields = undefined;
  return { success: true };
}

/** GET /{app}/subscriptions. */
export const appSubscription = ({ state, callbackUrl }: World): Json => ({
  data:
    callbackUrl === undefined
      ? []
      : [
          {
            object: 'page',
            callback_url: callbackUrl,
            active: true,
            fields: state.appFields.map((name) => ({ name, version: 'v26.0' })),
          },
        ],
});

/** POST /{app}/subscriptions replaces what there was; the address is called before it is taken. */
export async function changeAppSubscription(world: World, json: unknown): Promise<Json> {
  const { object, callback_url: url, fields, verify_token: token } = (json ?? {}) as Json;
  if (object !== 'page' || typeof url !== 'string') throw invalid('Param object and callback_url are needed');
  const read = readFields('fields', fields);
  await challenge(url, token);
  world.state.appFields = read;
  world.redirect(url);
  return { success: true };
}

async function challenge(url: string, token: unknown): Promise<void> {
  const word = String(randomInt(1e9));
  const query = new URLSearchParams({
    'hub.mode': 'subscribe',
    'hub.verify_token': String(token),
    'hub.challenge': word,
  });
  const answer = await fetch(`${url}?${query}`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  if (answer?.status !== 200 || (await answer.text()) !== word)
    throw new GraphError('(#2200) Callback verification failed', 2200);
}
