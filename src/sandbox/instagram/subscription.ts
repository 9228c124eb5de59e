import { GraphError, invalid } from '../messenger/graph-error.ts';
import { type InstagramWorld, usualFields } from './world.ts';

type Json = Record<string, unknown>;

/** By the key of an item, the field that must be subscribed for it to be sent. */
const fieldOf: Record<string, string> = {
  postback: 'messaging_postbacks',
  read: 'messaging_seen',
  reaction: 'message_reactions',
  message_edit: 'message_edit',
  referral: 'messaging_referral',
};

export function isSubscribed({ state }: InstagramWorld, item: Json): boolean {
  const echo = (item['message'] as Json | undefined)?.['is_echo'] === true;
  const key = Object.keys(item).find((name) => Object.hasOwn(fieldOf, name));
  const field = echo ? 'message_echoes' : key === undefined ? 'messages' : fieldOf[key]!;
  return state.subscribedFields?.includes(field) ?? false;
}

/** GET /me/subscribed_apps. */
export const subscribedApps = ({ state }: InstagramWorld): Json => ({
  data: state.subscribedFields ? [{ subscribed_fields: state.subscribedFields }] : [],
});

/** POST /me/subscribed_apps: the fields replace those there were. */
export function subscribeApp({ state }: InstagramWorld, query: Json): Json {
  if (!state.maySubscribe) throw new GraphError('(#200) Requires permission to manage messages', 200, undefined, 403);
  const fields = String(query['subscribed_fields'] ?? '')
    .split(',')
    .filter((field) => field !== '');
  if (fields.length === 0) throw invalid('Param subscribed_fields must be a non-empty array');
  const stranger = fields.find((field) => !usualFields.includes(field));
  if (stranger !== undefined) throw invalid(`Param subscribed_fields[0] must be one of {…} - got "${stranger}"`);
  state.subscribedFields = fields;
  return { success: true };
}

/** DELETE /me/subscribed_apps. */
export function unsubscribeApp({ state }: InstagramWorld): Json {
  state.subscribedFields = undefined;
  return { success: true };
}
