import {
  askPolicy,
  endingRules,
  type Form,
  inForce,
  type PolicyAnswer,
  type PolicyBook,
  type PolicyRule,
} from '../domain/policy.ts';
import { mayAsHuman, policyOf } from './platform-policy.ts';
import type { ConnectedChannel } from './world.ts';

/** A sending that is only thought of. */
export interface PolicyQuestion {
  form: Form;
  purpose?: string | undefined;
  byPerson: boolean;
  lastCustomerAt?: Date | undefined;
  country?: string | undefined;
  at: Date;
}

/** What the platform of an account would say to it. */
export const explainPolicy = (book: PolicyBook, connected: ConnectedChannel, question: PolicyQuestion): PolicyAnswer =>
  askPolicy(policyOf(book, connected.channel), {
    ...question,
    country: question.country ?? connected.account.defaultCountry,
    humanAgent: mayAsHuman(connected),
  });

export interface ListedRule {
  channel: string;
  rule: PolicyRule;
  /** It holds at that moment. */
  holds: boolean;
  /** Days until it ends, where it ends within the notice. */
  endsIn?: number;
}

/** All rules there are, of one channel if it is named. */
export function listPolicy(book: PolicyBook, at: Date, channel?: string): ListedRule[] {
  const ending = new Map(endingRules(book, at).map((each) => [each.rule, each.days]));
  return [...book]
    .filter(([kind]) => channel === undefined || kind === channel)
    .flatMap(([kind, rules]) => {
      const holding = new Set(inForce(rules, at));
      return rules.map((rule) => {
        const endsIn = ending.get(rule);
        return { channel: kind, rule, holds: holding.has(rule), ...(endsIn === undefined ? {} : { endsIn }) };
      });
    });
}

/** What a rule says, in words. */
export function ruleInWords(rule: PolicyRule): string {
  switch (rule.rule) {
    case 'window':
      return `anything for ${lengthInWords(rule.lasts)} after the customer's last act${rule.messages ? `, ${rule.messages} messages` : ''}`;
    case 'open':
      return 'anything at any time';
    case 'human-agent':
      return `what a person wrote for ${lengthInWords(rule.lasts)}, with that permission`;
    case 'template':
      return `${rule.form} templates at any time, for ${rule.purposes.join(', ')}`;
    case 'tag':
      return `the tag ${rule.tag} outside the window, for ${rule.purposes.join(', ')}`;
    case 'regions':
      return `no ${rule.form} messages to ${rule.refused.join(', ')}`;
    case 'frequency':
      return `no more than ${rule.most} ${rule.form} messages to one customer in ${lengthInWords(rule.per)}`;
    case 'charge':
      return rule.what;
    default:
      return rule satisfies never;
  }
}

function lengthInWords(ms: number): string {
  const hours = Math.round(ms / 3_600_000);
  return hours % 24 === 0 && hours >= 72 ? `${hours / 24} days` : `${hours} hours`;
}
