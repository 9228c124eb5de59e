import { IANAZone } from 'luxon';
import { z } from 'zod';
import { duration } from './measures.ts';

const clock = z.string().transform((text, issues) => {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hour === undefined) issues.addIssue({ code: 'custom', message: 'not a time of the day such as 21:00' });
  return Number(hour) * 60 + Number(minute);
});

const quietHours = z
  .strictObject({
    from: clock.describe('the time of the day at which quiet begins, where the customer is'),
    to: clock.describe('and at which it ends'),
    exceptUrgent: z.boolean().default(false).describe('what is urgent about an order comes at night, too'),
  })
  .refine(({ from, to }) => from !== to, 'begins and ends at the same time; leave quietHours out for none');

const purpose = z
  .string()
  .regex(
    /^(order-updates|marketing|list:[a-z0-9][a-z0-9-]{0,49})$/,
    'not a purpose; write order-updates, marketing or list:NAME',
  );

const cap = z.strictObject({
  purpose: z.union([purpose, z.literal('*')]).describe('what is counted; * counts all together'),
  most: z.int().min(1).max(1_000).describe('how many at most'),
  per: duration
    .refine((ms) => ms >= 60_000 && ms <= 366 * 24 * 3_600_000, 'from 1m to 366d')
    .describe('in any stretch of this length'),
});

const word = z.string().trim().min(1).max(60);

const keyword = z.strictObject({
  words: z.array(word).min(1).max(50).describe('the whole message; case, accents and punctuation do not matter'),
  purpose: purpose.describe('what the customer agrees to by it, or no longer wants'),
  act: z.enum(['granted', 'revoked']).default('granted').describe('whether they agree or no longer want it'),
});

/** `notices:` in `passerelle.yaml`: what a company says of the messages it sends without being asked. */
export const noticesSchema = z
  .strictObject({
    defaultTimeZone: z
      .string()
      .refine((zone) => IANAZone.isValidZone(zone), 'not a time zone such as Europe/Paris')
      .default('UTC')
      .describe('where customers are of whom neither platform, shop nor phone tells it'),
    quietHours: quietHours.optional().describe('when nothing is sent that nobody asked for; without it, never'),
    caps: z.array(cap).max(50).default([]).describe('how often a customer hears from the company'),
    spacing: duration
      .default(0)
      .describe('after something more important, how long a customer is spared what is less so; 0: not at all'),
    sameWithin: duration
      .default(24 * 3_600_000)
      .describe('how long the same words are not sent to the same customer again; 0: they are'),
    doubleOptIn: z.array(purpose).default([]).describe('what a customer has to confirm in the chat before it counts'),
    texts: z
      .string()
      .min(1)
      .default('notices')
      .describe('the folder of their texts, from this file; what is not there is taken from those that come along'),
    languages: z
      .array(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'not a language such as en or pt-BR'))
      .default(['en'])
      .describe('what is tried where there is no text in a customer’s language'),
    shopName: z.string().trim().min(1).max(80).default('Shop').describe('what the shop is called in them'),
    channels: z
      .array(z.string().min(1))
      .default([])
      .describe('kinds of channel, the first to be tried first; without it: where the customer wrote last'),
    deliverWithin: duration
      .refine((ms) => ms >= 60_000 && ms <= 24 * 3_600_000, 'from 1m to 24h')
      .default(3_600_000)
      .describe('what has not got through by then goes the next way'),
    lists: z
      .array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/, 'not a name such as spring-news'))
      .default([])
      .describe('named lists that customers can be on; their purpose is list:NAME'),
    keywords: z
      .array(keyword)
      .max(100)
      .default([])
      .describe('words by which customers agree to something or revoke it'),
    stopWords: z
      .array(word)
      .max(200)
      .default([])
      .describe('further words that end all messages, beside those that are known in many languages'),
    startWords: z.array(word).max(200).default([]).describe('further words that allow them again'),
    helpWords: z.array(word).max(200).default([]).describe('further words that ask what this is'),
  })
  .superRefine(({ lists, doubleOptIn, caps, keywords }, issues) => {
    const known = (each: string) => !each.startsWith('list:') || lists.includes(each.slice('list:'.length));
    const named: [(string | number)[], string][] = [
      ...doubleOptIn.map((each, n): [(string | number)[], string] => [['doubleOptIn', n], each]),
      ...caps.map((each, n): [(string | number)[], string] => [['caps', n, 'purpose'], each.purpose]),
      ...keywords.map((each, n): [(string | number)[], string] => [['keywords', n, 'purpose'], each.purpose]),
    ];
    for (const [path, each] of named)
      if (!known(each))
        issues.addIssue({ code: 'custom', path, message: 'no list of this name stands under notices.lists' });
  })
  .prefault({});

export type NoticeSettings = z.infer<typeof noticesSchema>;
