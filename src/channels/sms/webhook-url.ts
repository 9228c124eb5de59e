import type { Marker } from '../../domain/ids.ts';
import type { Tools } from '../../kit/tools.ts';
import type { SmsAccount } from './account.ts';

/**
 * How Twilio is to call (Twilio, "Webhooks: connection overrides"): five more attempts, also when the answer is an error or
 * late. By itself it tries once more after a failed connection and then gives up. Not part of what is sent or signed.
 */
export const webhookOverrides = '#rc=5&rp=5xx,ct,rt';

/** Where this account's webhooks go; undefined while nobody said how the internet reaches this service. */
export const webhookUrlOf = (account: SmsAccount, tools: Pick<Tools, 'publicUrl'>): string | undefined =>
  tools.publicUrl === undefined ? undefined : `${tools.publicUrl}/webhooks/sms/${account.id}`;

/** The query parameter of a status callback that carries our marker. */
export const markerParameter = 'marker';

/** Where Twilio reports what becomes of one message. */
export function statusCallbackOf(
  marker: Marker,
  account: SmsAccount,
  tools: Pick<Tools, 'publicUrl'>,
): string | undefined {
  const url = webhookUrlOf(account, tools);
  return url && `${url}?${markerParameter}=${encodeURIComponent(marker)}${webhookOverrides}`;
}

/** An address without what follows its #. */
export const withoutOverrides = (url: string): string => url.replace(/#.*$/, '');
