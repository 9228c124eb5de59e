import { ruleInWords } from '../../src/flows/explain-policy.ts';
import { readPolicy } from '../../src/settings/policy.ts';
import { code, heading, page, table } from './markdown.ts';

const about = `What the platforms allow, as shipped in \`config/policy/\`: each rule with where the platform says so and when it holds. An operator’s own
\`policy.yaml\` beside the configuration goes over it ([consent](../guides/consent.md)). *Unverified*: known from use or from others, not read at the platform.
What holds where an operator works tells \`npx passerelle policy list\`.`;

/** docs/reference/policy.md */
export function policyPage(): string {
  const { policy } = readPolicy('/nowhere/policy.yaml');
  return page(
    heading('What the platforms allow', about),
    ...[...policy].map(([channel, rules]) => {
      const rows = rules.map((rule) => [
        code(rule.id),
        [ruleInWords(rule), rule.note].filter(Boolean).join('; '),
        day(rule.validFrom),
        day(rule.validTo),
        `${rule.source}${rule.unverified ? ' (*unverified*)' : ''}`,
      ]);
      return `## ${code(channel)}\n\n${table(['rule', 'what', 'from', 'until', 'source'], rows)}`;
    }),
  );
}

const day = (at: Date | undefined): string => at?.toISOString().slice(0, 10) ?? '';
