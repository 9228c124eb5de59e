import { z } from 'zod';

const text = (longest: number, help: string) => z.string().trim().min(1).max(longest).describe(help);
const webAddress = z.url({ protocol: /^https$/ });

const menuEntry = z
  .strictObject({
    title: text(30, 'What is shown.'),
    payload: text(1_000, 'What a tap sends back; it stands on the ticket.').optional(),
    url: webAddress.optional().describe('What a tap opens, instead.'),
  })
  .refine(({ payload, url }) => (payload === undefined) !== (url === undefined), 'expected either payload or url');

const iceBreaker = z.strictObject({
  question: text(80, 'A question to begin with, as a button.'),
  payload: text(1_000, 'What a tap sends back.'),
});

/** As Meta writes languages: `fr_FR`. */
const locale = z.string().regex(/^(?:default|[a-z]{2,3}_[A-Z]{2})$/, 'expected default, or a language such as fr_FR');

/** One for everybody, or one for each language; `default` is for those whose language is not named. */
const perLanguage = <Shape extends z.ZodType>(shape: Shape) =>
  z.union([
    shape,
    z
      .record(locale, shape)
      .refine((given) => 'default' in given, 'expected one for default, beside those for single languages'),
  ]);

/** What the page shows around its conversations (Messenger Platform, "Messenger Profile"). Lengths as its pages tell them. */
export const pageProfile = z
  .strictObject({
    greeting: perLanguage(z.string().trim().min(1).max(160))
      .optional()
      .describe(
        'Shown before a conversation begins; `{{user_first_name}}` stands for the name. At most 160 characters, or such a text for each language: `{ default: …, fr_FR: … }`.',
      ),
    getStarted: text(1_000, 'What the button Get started sends back. A menu needs it.').optional(),
    menu: perLanguage(z.array(menuEntry).min(1).max(20))
      .optional()
      .describe('The entries of the menu beside the input, or such a list for each language.'),
    iceBreakers: perLanguage(z.array(iceBreaker).min(1).max(4))
      .optional()
      .describe('Questions to begin a conversation with, or such a list for each language.'),
    domains: z
      .array(webAddress)
      .min(1)
      .max(50)
      .optional()
      .describe('Web sites that may show in a conversation. Those that are there already stay.'),
  })
  .refine(({ menu, getStarted }) => menu === undefined || getStarted !== undefined, 'a menu needs getStarted');

export type PageProfile = z.output<typeof pageProfile>;
export type MenuEntry = z.output<typeof menuEntry>;
