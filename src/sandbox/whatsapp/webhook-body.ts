import { metaJson } from '../messenger/webhook-body.ts';
import type { Json } from './json.ts';
import type { Customer, WhatsAppSimulatorOptions } from './state.ts';

/** One change of one field, as Meta wraps and escapes it. Account-wide fields name no number. */
export function envelope(options: WhatsAppSimulatorOptions, field: string, value: Json): string {
  const metadata = { display_phone_number: options.displayNumber, phone_number_id: options.phoneNumberId };
  const ofNumber = field === 'messages' || field.startsWith('user_') || field.startsWith('smb_');
  const whole = ofNumber ? { messaging_product: 'whatsapp', metadata, ...value } : value;
  const entry = { id: options.businessAccountId, time: Math.floor(Date.now() / 1000) };
  return metaJson({ object: 'whatsapp_business_account', entry: [{ ...entry, changes: [{ field, value: whole }] }] });
}

export const contactOf = ({ name, waId, userId, hidesNumber }: Customer): Json => ({
  profile: hidesNumber ? { name, username: `@user${userId.slice(-6)}` } : { name },
  ...(hidesNumber ? {} : { wa_id: waId }),
  user_id: userId,
});

export const senderOf = ({ waId, userId, hidesNumber }: Customer): Json => ({
  ...(hidesNumber ? {} : { from: waId }),
  from_user_id: userId,
});

/** WhatsApp writes whole seconds, as text. */
export const seconds = (at: Date): string => String(Math.floor(at.getTime() / 1000));
