import { randomInt } from 'node:crypto';
import { CloudError, invalid } from './cloud-error.ts';
import { type Json, record } from './json.ts';
import type { World } from './state.ts';

/** What an operator sets up: addresses, subscriptions, the number. */

/** GET /{number} */
export const readNumber = ({ options, state, appUrl }: World): Json => ({
  id: options.phoneNumberId,
  display_phone_number: options.displayNumber,
  verified_name: options.name,
  quality_rating: state.quality,
  status: 'CONNECTED',
  name_status: 'APPROVED',
  webhook_configuration: {
    ...(state.override === undefined ? {} : { phone_number: state.override }),
    ...(appUrl === undefined ? {} : { application: appUrl }),
  },
});

/** POST /{number}: a webhook address of its own; an empty one takes it away. */
export async function configureNumber(world: World, json: unknown): Promise<Json> {
  const configuration = record(record(json)?.['webhook_configuration']);
  const url = configuration?.['override_callback_uri'];
  if (typeof url !== 'string') throw invalid('override_callback_uri');
  if (url === '') delete world.state.override;
  else world.state.override = await verified(url, configuration?.['verify_token']);
  world.redirect();
  return { success: true };
}

/** GET /{app}/subscriptions */
export const readAppSubscription = ({ state, appUrl }: World): Json => ({
  data:
    state.fields.length === 0
      ? []
      : [
          {
            object: 'whatsapp_business_account',
            callback_url: appUrl,
            active: true,
            fields: state.fields.map((name) => ({ name, version: 'v26.0' })),
          },
        ],
});

/** POST /{app}/subscriptions replaces what there was. */
export async function subscribeApp(world: World, json: unknown): Promise<Json> {
  const { object, callback_url: url, fields, verify_token: token } = record(json) ?? {};
  if (object !== 'whatsapp_business_account') throw invalid('object');
  if (typeof url !== 'string' || typeof fields !== 'string' || fields === '') throw invalid('callback_url, fields');
  world.appUrl = await verified(url, token);
  world.state.fields = fields.split(',');
  world.redirect();
  return { success: true };
}

/** Meta calls an address before it takes it. */
async function verified(url: string, token: unknown): Promise<string> {
  const challenge = String(randomInt(1e9));
  const query = new URLSearchParams({
    'hub.mode': 'subscribe',
    'hub.verify_token': String(token),
    'hub.challenge': challenge,
  });
  const answer = await fetch(`${url}?${query}`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  if (answer?.status !== 200 || (await answer.text()) !== challenge)
    throw new CloudError(2200, 'Callback verification failed', 'The address did not answer the challenge.');
  return url;
}

/** GET /{business account}/subscribed_apps */
export const readSubscribedApps = ({ options, state }: World): Json => ({
  data: state.subscribed
    ? [{ whatsapp_business_api_data: { id: options.appId, name: 'Passerelle', link: 'https://chat.acme.example' } }]
    : [],
});

/** GET /debug_token */
export function debugToken({ options, state }: World, inspected: unknown): Json {
  const own = inspected === options.token && !state.tokenExpired;
  const scopes = ['whatsapp_business_management', 'whatsapp_business_messaging'];
  return {
    data: own
      ? { app_id: options.appId, type: 'SYSTEM_USER', is_valid: true, expires_at: 0, scopes }
      : { is_valid: false, scopes: [] },
  };
}
