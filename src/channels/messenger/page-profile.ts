import { z } from 'zod';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { SetupChange, SetupWish } from '../channel.ts';
import { callGraph, type GraphAccess, type GraphCall } from '../shared/graph/client.ts';
import { troubleOfHarmless } from '../shared/graph/trouble.ts';
import { asList, asRecord, asRecords, asText, type JsonRecord } from '../shared/json.ts';

const text = (longest: number, help: string) => z.string().trim().min(1).max(longest).describe(help);
const webAddress = z.url({ protocol: /^https$/ });

const menuEntry = z
  .strictObject({
    title: text(30, 'What is shown.'),
    payload: text(1_000, 'What a tap sends back; it stands on the ticket.').optional(),
    url: webAddress.optional().describe('What a tap opens, instead.'),
  })
  .refine(({ payload, url }) => (payload === undefined) !== (url === undefined), 'expected either payload or url');

/** What the page shows around its conversations (Messenger Platform, "Messenger Profile"). Lengths as its pages tell them. */
export const pageProfile = z
  .strictObject({
    greeting: text(160, 'Shown before a conversation begins; `{{user_first_name}}` stands for the name.').optional(),
    getStarted: text(1_000, 'What the button Get started sends back. A menu needs it.').optional(),
    menu: z.array(menuEntry).min(1).max(20).optional().describe('The entries of the menu beside the input.'),
    iceBreakers: z
      .array(
        z.strictObject({
          question: text(80, 'A question to begin with, as a button.'),
          payload: text(1_000, 'What a tap sends back.'),
        }),
      )
      .min(1)
      .max(4)
      .optional()
      .describe('Questions to begin a conversation with.'),
    domains: z.array(webAddress).min(1).max(50).optional().describe('Web sites that may show in a conversation.'),
  })
  .refine(({ menu, getStarted }) => menu === undefined || getStarted !== undefined, 'a menu needs getStarted');

type PageProfile = z.output<typeof pageProfile>;

interface ProfileField {
  /** As Meta names it. */
  name: string;
  what: string;
  /** As Meta wants it; undefined where nothing is wished, which leaves what there is. */
  wanted(profile: PageProfile): unknown;
  /** What is compared and shown; empty where there is nothing. */
  words(json: unknown): string;
}

const named = (shown: unknown, does: unknown) => `${asText(shown) ?? '?'} → ${asText(does) ?? '?'}`;

const fields: readonly ProfileField[] = [
  {
    name: 'get_started',
    what: 'the button Get started',
    wanted: ({ getStarted }) => getStarted && { payload: getStarted },
    words: (json) => asText(asRecord(json)?.['payload']) ?? '',
  },
  {
    name: 'greeting',
    what: 'the greeting',
    wanted: ({ greeting }) => greeting && [{ locale: 'default', text: greeting }],
    words: (json) => asText(ofAllLocales(json)?.['text']) ?? '',
  },
  {
    name: 'persistent_menu',
    what: 'the menu',
    wanted: ({ menu }) =>
      menu && [{ locale: 'default', composer_input_disabled: false, call_to_actions: menu.map(menuAction) }],
    words: (json) =>
      asRecords(ofAllLocales(json)?.['call_to_actions'])
        .map(({ title, payload, url }) => named(title, payload ?? url))
        .join('; '),
  },
  {
    name: 'ice_breakers',
    what: 'the questions to begin with',
    wanted: ({ iceBreakers }) => iceBreakers && [{ locale: 'default', call_to_actions: iceBreakers }],
    words: (json) =>
      (ofAllLocales(json) ? asRecords(ofAllLocales(json)!['call_to_actions']) : asRecords(json))
        .map(({ question, payload }) => named(question, payload))
        .join('; '),
  },
  {
    name: 'whitelisted_domains',
    what: 'the web sites that may show',
    wanted: ({ domains }) => domains,
    words: (json) =>
      asList(json)
        .map((domain) => String(domain).replace(/\/$/, ''))
        .sort()
        .join(', '),
  },
];

const ofAllLocales = (json: unknown): JsonRecord | undefined =>
  asRecords(json).find(({ locale }) => locale === 'default');

const menuAction = ({ title, payload, url }: z.output<typeof menuEntry>) =>
  url === undefined ? { type: 'postback', title, payload } : { type: 'web_url', title, url };

/** Sets what is configured and differs; what is not configured stays. Taking away leaves what others have set meanwhile. */
export async function profileSetUp(
  wish: SetupWish,
  page: { id: string; profile: PageProfile | undefined; access: GraphAccess },
  tools: Tools,
): Promise<Outcome<SetupChange[]>> {
  const { profile } = page;
  if (!profile) return done([]);
  const path = `/${page.id}/messenger_profile`;
  const ask = (call: GraphCall) => callGraph(call, page.access, tools);
  const read = await ask({ method: 'GET', path, query: { fields: fields.map(({ name }) => name).join(',') } });
  if (read.kind !== 'success') return troubleOfHarmless(read);
  const now = asRecord(asList(read.json['data'])[0]) ?? {};
  const compared = fields
    .map((field) => ({ ...field, json: field.wanted(profile), now: field.words(now[field.name]) }))
    .filter(({ json, words, now: there }) => json !== undefined && (words(json) === there) === wish.remove);
  const changes = compared.map(({ what, now: there, words, json }) => ({
    what,
    now: there || 'nothing',
    wanted: wish.remove ? 'nothing' : words(json),
  }));
  if (!wish.apply || changes.length === 0) return done(changes);
  const names = compared.map(({ name }) => name);
  const changed = await ask(
    wish.remove
      ? { method: 'DELETE', path, body: { fields: names } }
      : { method: 'POST', path, body: Object.fromEntries(compared.map(({ name, json }) => [name, json])) },
  );
  return changed.kind === 'success' ? done(changes) : troubleOfHarmless(changed);
}
