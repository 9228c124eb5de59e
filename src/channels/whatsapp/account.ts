import { z } from 'zod';
import type { AccountAddress } from '../../domain/ids.ts';
import { apiFields, commonFields, platformId, secret } from '../shared/graph/account-fields.ts';
import type { GraphAccess } from '../shared/graph/client.ts';

/** One phone number of one WhatsApp Business Account. */
export const whatsappAccount = z.strictObject({
  ...commonFields('whatsapp'),
  phoneNumberId: platformId("The phone number's id, not the number itself: App Dashboard, WhatsApp, API Setup."),
  businessAccountId: platformId("The WhatsApp Business Account's id: the same page. Templates belong to it."),
  phoneNumber: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'expected a phone number like "+4791234567", in quotes')
    .optional()
    .describe('The number itself, like "+4791234567", in quotes. Only needed for signed links (wa.me).'),
  token: secret('An access token that does not expire, made for a system user of the business.'),
  ...apiFields,
});

export type WhatsAppAccount = z.output<typeof whatsappAccount>;

export const addressOf = (account: WhatsAppAccount): AccountAddress => account.phoneNumberId as AccountAddress;

/** What concerns the business account as a whole names only that. */
export const groupAddressOf = (account: WhatsAppAccount): AccountAddress => account.businessAccountId as AccountAddress;

export const accessOf = (account: WhatsAppAccount): GraphAccess => ({
  apiUrl: account.apiUrl,
  apiVersion: account.apiVersion,
  token: account.token,
  appSecret: account.appSecret,
  bearer: true,
});
