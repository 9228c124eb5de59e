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
  return fields?.includes(standby ? 'standby' : field) ?? false;
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
  const fields = String(query['subscribed_fields'] ?? '')
    .split(',')
    .filter((field) => field !== '');
  if (fields.length === 0) throw invalid('Param subscribed_fields must be a non-empty array');
  const stranger = fields.find((field) => ![...usualFields, ...otherFields].includes(field));
  if (stranger !== undefined) throw invalid(`Param subscribed_fields[0] must be one of {…} - got "${stranger}"`);
  state.subscribedFields = fields;
  return { success: true };
}
