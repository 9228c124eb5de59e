import { type Command, Option } from 'commander';
import type { PolicyAnswer, PolicyBook, PolicyRule } from '../domain/policy.ts';
import {
  explainPolicy,
  type ListedRule,
  listPolicy,
  type PolicyQuestion,
  ruleInWords,
} from '../flows/explain-policy.ts';
import { countryOf } from '../flows/whereabouts.ts';
import type { ConnectedChannel } from '../flows/world.ts';
import { conversationOf } from '../store/conversations.ts';
import { customersMeant } from '../store/customers.ts';
import type { Database } from '../store/database.ts';
import { examples, timeOf, WrongUsage } from './ledger-command.ts';
import { type ExitCode, exitCodes, printable, type Terminal, table } from './terminal.ts';

/** The rules and the accounts; the ledger only where a customer is named. */
export interface PolicyDesk {
  policy: PolicyBook;
  channels: ReadonlyMap<string, ConnectedChannel>;
  ledger(): Promise<Database>;
}

export interface PolicyCommands {
  terminal: Terminal;
  now(): Date;
  onPolicy(work: (desk: PolicyDesk) => Promise<ExitCode>): Promise<void>;
}

export function addPolicy(program: Command, commands: PolicyCommands): void {
  const policy = program.command('policy').description('what the platforms allow, and until when');
  addList(policy, commands);
  addPolicyExplain(policy, commands);
}

function addList(policy: Command, { terminal, now, onPolicy }: PolicyCommands): void {
  const command = policy
    .command('list')
    .description('the rules that hold, each with its source; with policy.yaml beside the configuration over them')
    .option('--channel <kind>', 'only of this kind of channel')
    .option('--at <time>', 'as they hold at another time than now')
    .option('--all', 'those that hold no longer or not yet, too')
    .option('--json', 'one JSON object a line')
    .action(
      ({ channel, at, all = false, json = false }: { channel?: string; at?: string; all?: boolean; json?: boolean }) =>
        onPolicy(async (desk) => {
          const moment = at === undefined ? now() : timeOf(at, now());
          if (channel !== undefined && !desk.policy.has(channel)) {
            terminal.err(`There are no rules of ${printable(channel)}. Kinds: ${[...desk.policy.keys()].join(', ')}.`);
            return exitCodes.usage;
          }
          const rules = listPolicy(desk.policy, moment, channel).filter(({ holds }) => all || holds);
          for (const line of json
            ? rules.map(({ rule, ...rest }) => JSON.stringify({ ...rest, ...rule }))
            : listed(rules))
            terminal.out(line);
          return exitCodes.fine;
        }),
    );
  examples(command, 'policy list', 'policy list --all --at 2026-04-01');
}

const listed = (rules: readonly ListedRule[]): string[] =>
  table([
    ['CHANNEL', 'RULE', 'HOLDS', 'WHAT', 'SOURCE'],
    ...rules.map(({ channel, rule, holds, endsIn }) => [
      channel,
      rule.id,
      holds ? (endsIn === undefined ? 'yes' : `${endsIn} more days`) : 'no',
      ruleInWords(rule),
      `${rule.source}${rule.unverified ? ' (unverified)' : ''}${datesOf(rule)}`,
    ]),
  ]);

function datesOf({ validFrom, validTo }: PolicyRule): string {
  const day = (at: Date) => at.toISOString().slice(0, 10);
  const told = [validFrom && `from ${day(validFrom)}`, validTo && `until ${day(validTo)}`].filter(Boolean);
  return told.length > 0 ? `; ${told.join(' ')}` : '';
}

interface ExplainOptions {
  account?: string;
  channel?: string;
  customer?: string;
  lastCustomerAt?: string;
  form: PolicyQuestion['form'];
  purpose?: string;
  byPerson?: boolean;
  country?: string;
  at?: string;
  json?: boolean;
}

function addPolicyExplain(policy: Command, { terminal, now, onPolicy }: PolicyCommands): void {
  const command = policy
    .command('explain')
    .description('whether a message may be sent by what the platform allows: how, until when, and if not, what instead')
    .option('--account <id>', 'the channel account it would go through')
    .option('--channel <kind>', 'or only its kind: the first account of that kind')
    .option('--customer <who>', 'the customer it would go to: when they last wrote and where they are is looked up')
    .option('--last-customer-at <time>', 'or when the customer last wrote: 2026-01-31T09:00Z, or how long ago: 3h')
    .addOption(
      new Option('--form <form>', 'how it is dressed')
        .choices(['free', 'utility', 'marketing', 'template'])
        .default('free'),
    )
    .option('--purpose <purpose>', 'order-updates, marketing, list:NAME')
    .option('--by-person', 'an agent wrote it')
    .option('--country <code>', 'where the customer is: DE')
    .option('--at <time>', 'at another time than now')
    .option('--json', 'one JSON object')
    .action((options: ExplainOptions) =>
      onPolicy(async (desk) => {
        const connected = accountMeant(desk, options);
        const question = await questionOf(desk, connected, options, now());
        const answer = explainPolicy(desk.policy, connected, question);
        if (options.json) terminal.out(JSON.stringify(answer));
        else for (const line of inWords(answer)) terminal.out(line);
        return answer.may ? exitCodes.fine : exitCodes.bad;
      }),
    );
  examples(
    command,
    'policy explain --account acme-page --last-customer-at 30h --purpose order-updates',
    'policy explain --account acme-page --customer ida@example.com --form marketing --purpose marketing',
  );
}

function accountMeant({ channels }: PolicyDesk, { account, channel }: ExplainOptions): ConnectedChannel {
  const all = [...channels.values()];
  const found = all.find((each) =>
    account === undefined ? each.channel.kind === channel : each.account.id === account,
  );
  if (found) return found;
  const known = all.map((each) => `${each.account.id} (${each.channel.kind})`).join(', ') || 'there is none';
  throw new WrongUsage(`Say --account or --channel of one that is configured: ${known}.`);
}

async function questionOf(
  desk: PolicyDesk,
  connected: ConnectedChannel,
  options: ExplainOptions,
  now: Date,
): Promise<PolicyQuestion> {
  const at = options.at === undefined ? now : timeOf(options.at, now);
  const told = options.lastCustomerAt === undefined ? undefined : timeOf(options.lastCustomerAt, at);
  const known = options.customer === undefined ? {} : await lookedUp(await desk.ledger(), connected, options.customer);
  return {
    ...{ at, form: options.form, purpose: options.purpose, byPerson: options.byPerson ?? false },
    ...known,
    ...(told ? { lastCustomerAt: told } : {}),
    ...(options.country === undefined ? {} : { country: options.country.toUpperCase() }),
  };
}

async function lookedUp(db: Database, connected: ConnectedChannel, who: string) {
  const [customer, ...more] = await customersMeant(db, who);
  if (customer === undefined) throw new WrongUsage(`Nobody is known as ${printable(who)}.`);
  if (more.length > 0)
    throw new WrongUsage(`Several customers are known as ${printable(who)}: ${[customer, ...more].join(', ')}.`);
  const conversation = await conversationOf(db, customer, connected.account.id);
  if (!conversation) return {};
  const { lastCustomerAt } = conversation;
  return { country: countryOf(connected, conversation.customer), ...(lastCustomerAt ? { lastCustomerAt } : {}) };
}

function inWords(answer: PolicyAnswer): string[] {
  const by = answer.by.map((rule) => `  ${rule.id}: ${ruleInWords(rule)} (${rule.source})`);
  if (!answer.may)
    return [
      `No: ${answer.why}.`,
      ...(answer.from ? [`From ${answer.from.toISOString()} on it may.`] : []),
      ...(answer.instead ? [`Instead: ${answer.instead}.`] : []),
      ...by,
    ];
  const until = answer.until ? `, until ${answer.until.toISOString()}` : '';
  return [`Yes, by the right ${answer.right}${until}.`, ...answer.charges.map((what) => `It costs: ${what}.`), ...by];
}
