import { z } from 'zod';
import { seconds } from '../../domain/duration.ts';
import type { AccountAddress, AccountId } from '../../domain/ids.ts';
import { actsWithin } from '../../kit/acts-within.ts';
import { Secret } from '../../kit/secret.ts';
import { defaultCountry } from '../shared/default-country.ts';

/** E.164, as Twilio writes numbers. */
const phoneNumber = /^\+[1-9]\d{6,14}$/;
const shortCode = /^\d{3,8}$/;
/** Eleven letters, digits and a few signs, at least one of them a letter. Such a sender cannot be answered. */
const alphanumeric = /^(?=.*[A-Za-z])[A-Za-z0-9 +&_-]{1,11}$/;

// YAML reads a number without quotes as one, and drops the plus sign.
const asWritten = (value: string | number): string => {
  const text = String(value).trim();
  return typeof value === 'number' && text.length > 8 ? `+${text}` : text;
};

const sid = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`), `expected ${prefix} and 32 hexadecimal digits`);

/** One sender of SMS at Twilio: a number, or a messaging service that holds several. */
export const smsAccount = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'only letters, digits, hyphens and underscores: it becomes part of URLs')
      .transform((id) => id as AccountId)
      .describe('Your name for this account. It appears in the webhook URL and in stored rows, so it never changes.'),
    kind: z.literal('sms').describe('The channel.'),
    helpdesk: z.string().optional().describe('The id of the helpdesk its conversations go to.'),
    crm: z.string().optional().describe('The id of the CRM its history goes to.'),
    defaultCountry,
    accountSid: sid('AC').describe("The Twilio account's SID: Console, Account Info."),
    authToken: z
      .string()
      .min(1)
      .transform((value) => new Secret(value))
      .describe('Its auth token, the same place. It signs webhooks, so an API key will not do.')
      .meta({ secret: true }),
    from: z
      .union([z.string(), z.int()], { error: 'expected a phone number like "+12025550123", in quotes' })
      .transform(asWritten)
      .refine(
        (from) => [phoneNumber, shortCode, alphanumeric].some((form) => form.test(from)),
        'expected a phone number like "+12025550123", a short code, or a name of at most 11 letters',
      )
      .optional()
      .describe('The number customers write to, like "+12025550123", in quotes. Or messagingServiceSid.'),
    messagingServiceSid: sid('MG')
      .optional()
      .describe('The messaging service that holds your numbers, instead of from.'),
    apiUrl: z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ''))
      .default('https://api.twilio.com')
      .describe("Where Twilio's API is: a region's address, or a simulator's."),
    actsWithin: actsWithin(seconds(30), { thing: 'a message', answersWithin: '15 s' }),
  })
  .check(({ value, issues }) => {
    if (issues.some(({ path }) => path?.[0] === 'from' || path?.[0] === 'messagingServiceSid')) return;
    if ((value.from === undefined) === (value.messagingServiceSid === undefined))
      issues.push({ code: 'custom', path: ['from'], message: 'give either from or messagingServiceSid', input: value });
  });

export type SmsAccount = z.output<typeof smsAccount>;

/** What its own events name: the number, or the messaging service. */
export const addressOf = (account: SmsAccount): AccountAddress =>
  (account.messagingServiceSid ?? account.from ?? '') as AccountAddress;

/** The form fields that say who sends. */
export const senderOf = (account: SmsAccount): Record<string, string> =>
  account.messagingServiceSid === undefined
    ? { From: account.from ?? '' }
    : { MessagingServiceSid: account.messagingServiceSid };

export type SenderForm = 'number' | 'short code' | 'name' | 'messaging service';

/** What kind of sender it is; each is looked up and set up in its own way. */
export function senderForm(account: SmsAccount): SenderForm {
  if (account.messagingServiceSid !== undefined) return 'messaging service';
  if (phoneNumber.test(account.from ?? '')) return 'number';
  return shortCode.test(account.from ?? '') ? 'short code' : 'name';
}

/** Whether a platform user's id is a number or short code that an SMS can be sent to. */
export const isReachable = (user: string): boolean => phoneNumber.test(user) || shortCode.test(user);
