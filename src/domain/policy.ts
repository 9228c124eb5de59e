import type { Duration } from './duration.ts';
import { type MaySend, maySend } from './window.ts';

/**
 * How a message is dressed: `free` is anything a business writes as it likes, `utility` and `marketing` a template or message
 * approved as that, `template` an approved one of which it is not known as what.
 */
export const forms = ['free', 'utility', 'marketing', 'template'] as const;
export type Form = (typeof forms)[number];

interface Dated {
  /** Unique within its channel; who overrides a rule names it so. */
  id: string;
  /** Where the platform says so. */
  source: string;
  /** Known from use or from others only; nobody has read it at the platform. */
  unverified?: boolean | undefined;
  /** The first moment at which it holds; always, without it. */
  validFrom?: Date | undefined;
  /** The first moment at which it holds no longer. */
  validTo?: Date | undefined;
  /** For people. */
  note?: string | undefined;
}

/**
 * What a platform allows and forbids.
 * - `window`: anything may be written for so long after the customer's last act; `messages` is how many.
 * - `open`: anything may be written at any time.
 * - `human-agent`: what a person wrote may still go for so long, where the account has that permission.
 * - `template`: a message in this form may go at any time, for these purposes.
 * - `tag`: a tag lets a message for these purposes through outside the window.
 * - `regions`: messages in this form do not go to customers in these countries.
 * - `frequency`: no more than `most` messages in this form in any stretch of `per`.
 * - `charge`: what the platform takes money for; forbids nothing.
 */
export type PolicyRule = Dated &
  (
    | { rule: 'window'; lasts: Duration; messages?: number | undefined }
    | { rule: 'open' }
    | { rule: 'human-agent'; lasts: Duration }
    | { rule: 'template'; form: 'utility' | 'marketing'; purposes: readonly string[] }
    | { rule: 'tag'; tag: string; purposes: readonly string[] }
    | { rule: 'regions'; form: 'utility' | 'marketing'; refused: readonly string[] }
    | { rule: 'frequency'; form: Form; most: number; per: Duration }
    | { rule: 'charge'; form: Form; what: string }
  );
export type RuleOf<K extends PolicyRule['rule']> = Extract<PolicyRule, { rule: K }>;

/** By the channel's kind. */
export type PolicyBook = ReadonlyMap<string, readonly PolicyRule[]>;

export interface PolicyAsked {
  at: Date;
  form: Form;
  /** Unknown of what an agent writes. */
  purpose?: string | undefined;
  /** A person wrote it, for this customer. */
  byPerson: boolean;
  /** The account has the permission that `human-agent` rules speak of. */
  humanAgent: boolean;
  lastCustomerAt?: Date | undefined;
  /** Messages sent since then, where the rules count them. */
  sentInWindow?: number | undefined;
  /** ISO 3166; where the customer is, as far as is known. */
  country?: string | undefined;
  /** What went to the customer before, of this form. */
  before?: readonly Date[] | undefined;
}

/** `until`: how long this holds; for ever, without it. `from`: when it may be, if only time forbids it now. */
export type PolicyAnswer =
  | { may: true; right: 'response' | 'human-agent' | 'template'; until?: Date; by: PolicyRule[]; charges: string[] }
  | { may: false; why: string; instead?: string; from?: Date; by: PolicyRule[] };

export const inForce = (rules: readonly PolicyRule[], at: Date): PolicyRule[] =>
  rules.filter(({ validFrom, validTo }) => (!validFrom || validFrom <= at) && (!validTo || at < validTo));

export const rulesOf = <K extends PolicyRule['rule']>(rules: readonly PolicyRule[], kind: K): RuleOf<K>[] =>
  rules.filter((each): each is RuleOf<K> => each.rule === kind);

/** Whether a message may be sent by what the platform allows at that moment, by what right, until when; and if not, what instead. */
export function askPolicy(all: readonly PolicyRule[], asked: PolicyAsked): PolicyAnswer {
  const rules = inForce(all, asked.at);
  const answer = asked.form === 'free' ? freely(rules, asked) : asTemplate(rules, asked, asked.form);
  if (!answer.may) return answer;
  const refused = byRegion(rules, asked) ?? byFrequency(rules, asked);
  if (refused) return refused;
  const charged = rulesOf(rules, 'charge').filter(({ form }) => form === asked.form);
  return { ...answer, by: [...answer.by, ...charged], charges: charged.map(({ what }) => what) };
}

function freely(rules: readonly PolicyRule[], asked: PolicyAsked): PolicyAnswer {
  const [open] = rulesOf(rules, 'open');
  if (open) return { may: true, right: 'response', by: [open], charges: [] };
  const window = rulesOf(rules, 'window').sort((a, b) => b.lasts - a.lasts)[0];
  if (!window) return { may: false, why: 'the platform lets a business write nothing freely here', by: [] };
  const [human] = asked.humanAgent ? rulesOf(rules, 'human-agent') : [];
  const may = maySend(asked.lastCustomerAt, asked.at, {
    window: window.lasts,
    ...(human ? { humanAgentWindow: human.lasts } : {}),
    ...(window.messages === undefined ? {} : { messagesLeft: window.messages - (asked.sentInWindow ?? 0) }),
  });
  const by = [window, ...(human && may.right === 'human-agent' ? [human] : [])];
  if (may.right === 'human-agent' && !asked.byPerson) return outside(rules, asked, tooLate, by);
  if (may.right === 'none') return tagged(rules, asked) ?? outside(rules, asked, may.why, by);
  return { may: true, right: may.right, ...untilOf(may, window, human, asked), by, charges: [] };
}

const tooLate = 'the time is over in which the platform takes what no person wrote';

function untilOf(
  { right }: MaySend,
  window: RuleOf<'window'>,
  human: RuleOf<'human-agent'> | undefined,
  { lastCustomerAt }: PolicyAsked,
): { until?: Date } {
  const lasts = right === 'human-agent' ? (human?.lasts ?? 0) : window.lasts;
  return lastCustomerAt ? { until: new Date(lastCustomerAt.getTime() + lasts) } : {};
}

/** Tags ended; what was judged at a time before that was allowed by them. */
function tagged(rules: readonly PolicyRule[], { purpose, lastCustomerAt }: PolicyAsked): PolicyAnswer | undefined {
  const tag = rulesOf(rules, 'tag').find(({ purposes }) => purpose !== undefined && covers(purposes, purpose));
  if (!tag || !lastCustomerAt) return undefined;
  return { may: true, right: 'response', ...(tag.validTo ? { until: tag.validTo } : {}), by: [tag], charges: [] };
}

/** `list:spring` is marketing to a platform. */
const covers = (purposes: readonly string[], purpose: string): boolean =>
  purposes.includes(purpose) || (purpose.startsWith('list:') && purposes.includes('marketing'));

function outside(rules: readonly PolicyRule[], asked: PolicyAsked, why: string, by: PolicyRule[]): PolicyAnswer {
  const fitting = rulesOf(rules, 'template').find(
    ({ form, purposes }) =>
      (asked.purpose === undefined || covers(purposes, asked.purpose)) &&
      !byRegion(rules, { ...asked, form }) &&
      !byFrequency(rules, { ...asked, form }),
  );
  const instead = fitting ? `an approved ${fitting.form} template` : 'wait until the customer writes again';
  return { may: false, why, instead, by };
}

function asTemplate(rules: readonly PolicyRule[], asked: PolicyAsked, form: Exclude<Form, 'free'>): PolicyAnswer {
  const templates = rulesOf(rules, 'template');
  const ofForm = templates.filter((each) => form === 'template' || each.form === form);
  if (ofForm.length === 0) {
    const kind = form === 'template' ? 'approved templates' : `${form} templates`;
    return { may: false, why: `the platform has no ${kind}`, instead: 'a free message in the window', by: [] };
  }
  const { purpose } = asked;
  const fitting = ofForm.filter(({ purposes }) => purpose === undefined || covers(purposes, purpose));
  if (fitting.length > 0) return { may: true, right: 'template', by: [fitting[0]!], charges: [] };
  const other = templates.find(({ purposes }) => covers(purposes, purpose!));
  const instead = other ? `an approved ${other.form} template` : 'a free message in the window';
  return { may: false, why: `the platform does not take ${purpose} as a ${form} template`, instead, by: ofForm };
}

function byRegion(rules: readonly PolicyRule[], { form, country }: PolicyAsked): PolicyAnswer | undefined {
  const rule = rulesOf(rules, 'regions').find(
    (each) => each.form === form && (country === undefined || each.refused.includes(country.toUpperCase())),
  );
  if (!rule) return undefined;
  const instead = 'a free message in the window, or another channel';
  const why =
    country === undefined
      ? `the platform takes no ${form} messages to some countries, and nothing tells where this customer is`
      : `the platform takes no ${form} messages to customers in ${country.toUpperCase()}`;
  return { may: false, why, instead, by: [rule] };
}

function byFrequency(rules: readonly PolicyRule[], { form, before = [], at }: PolicyAsked): PolicyAnswer | undefined {
  for (const rule of rulesOf(rules, 'frequency')) {
    if (rule.form !== form) continue;
    const lately = before
      .filter((each) => each.getTime() > at.getTime() - rule.per)
      .sort((a, b) => b.getTime() - a.getTime());
    const oldest = lately[rule.most - 1];
    if (!oldest) continue;
    const why = `the platform takes no more than ${rule.most} ${form} messages to one customer in that time`;
    return { may: false, why, from: new Date(oldest.getTime() + rule.per), by: [rule] };
  }
  return undefined;
}

/** Rules that hold now and end within so many days: whoever relies on them should know. */
export function endingRules(
  book: PolicyBook,
  now: Date,
  withinDays = 60,
): { channel: string; rule: PolicyRule; days: number }[] {
  return [...book].flatMap(([channel, rules]) =>
    inForce(rules, now).flatMap((rule) => {
      const days = rule.validTo
        ? Math.ceil((rule.validTo.getTime() - now.getTime()) / 86_400_000)
        : Number.POSITIVE_INFINITY;
      return days <= withinDays ? [{ channel, rule, days }] : [];
    }),
  );
}
