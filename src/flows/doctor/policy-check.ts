import type { Finding } from '../../domain/finding.ts';
import { endingRules, type PolicyBook } from '../../domain/policy.ts';
import { ruleInWords } from '../explain-policy.ts';
import type { Check } from './run-checks.ts';

/** Whether rules of platforms that are in use end before long. Only of channels that are configured. */
export const policyCheck = (book: PolicyBook, kinds: ReadonlySet<string>, now: () => Date): Check => ({
  account: 'service',
  kind: 'policy',
  name: 'the rules of the platforms',
  matters: 'What goes by a rule that has ended is refused by the platform, or held back here.',
  look: async () => policyFindings(book, kinds, now()),
});

export function policyFindings(book: PolicyBook, kinds: ReadonlySet<string>, now: Date): Finding[] {
  const used = new Map([...book].filter(([kind]) => kinds.has(kind)));
  const ending = endingRules(used, now).map(
    ({ channel, rule, days }): Finding => ({
      ok: true,
      warning: true,
      what: `${channel}: ${ruleInWords(rule)}`,
      why: `this rule (${rule.id}) ends on ${rule.validTo?.toISOString().slice(0, 10)}, in ${days} days`,
      fix: 'See what takes its place (passerelle policy list) and change notices and campaigns that rely on it; a newer version of Passerelle may know more.',
    }),
  );
  return ending.length > 0 ? ending : [{ ok: true, what: 'no rule of a platform ends within 60 days' }];
}
