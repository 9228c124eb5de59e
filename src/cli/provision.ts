import type { Command } from 'commander';
import type { SetupChange } from '../channels/channel.ts';
import type { ChannelAccounts, ChannelCommands } from './channel-accounts.ts';
import { examples } from './ledger-command.ts';
import { type ExitCode, exitCodes, printable, type Terminal } from './terminal.ts';

type Connected = ChannelAccounts['accounts'][number];

interface Options {
  dryRun: boolean;
  remove: boolean;
  yes: boolean;
  json: boolean;
}

/** Returns the command, for what is set up beside channels. */
export function addProvision(program: Command, { terminal, onChannels }: ChannelCommands): Command {
  const command = program
    .command('provision')
    .description('set channel accounts up at their platforms: webhook address, subscriptions, what else they need')
    .argument('<account | kind>', 'the id of an account under channels, or a kind: all accounts of it')
    .option('--dry-run', 'tell what differs, change nothing; exit code 1 if something does')
    .option('--remove', 'take away what was set up, instead')
    .option('--yes', 'with --remove on a terminal: do it')
    .option('--json', 'one JSON object an account: account, kind, state, changes, left, why')
    .action((which: string, given: Partial<Options>) => {
      const options = { dryRun: false, remove: false, yes: false, json: false, ...given };
      return onChannels((channels) => provision(which, options, channels, terminal));
    });
  return examples(
    command,
    'provision acme-page --dry-run',
    'provision acme-page',
    'provision acme-page --remove --yes',
  );
}

/**
 * Compares each account with what is wanted, prints what differs, puts it right, and compares again: what is then left
 * must be done by hand.
 */
async function provision(
  which: string,
  options: Options,
  channels: ChannelAccounts,
  terminal: Terminal,
): Promise<ExitCode> {
  const wrong = whyNot(which, channels);
  if (wrong) {
    terminal.err(wrong.why);
    return wrong.code;
  }
  const asks = options.remove && !options.yes && !options.dryRun && terminal.interactive === true;
  const reports: Report[] = [];
  for (const each of chosen(which, channels)) {
    const report = await setUp(each, { ...options, dryRun: options.dryRun || asks }, channels);
    const lines = options.json ? [JSON.stringify(report)] : readableLines(report);
    for (const line of lines) terminal.out(line);
    reports.push(report);
  }
  if (!asks || !reports.some(({ state }) => state === 'differs')) return codeOf(reports);
  terminal.err('Nothing was taken away yet. To do it, say --yes.');
  return exitCodes.usage;
}

const codeOf = (reports: readonly Report[]): ExitCode =>
  reports.every(({ state, left }) => (state === 'as-wanted' || state === 'changed') && left.length === 0)
    ? exitCodes.fine
    : exitCodes.bad;

const named = (which: string, { accounts }: ChannelAccounts): readonly Connected[] => {
  const one = accounts.filter(({ account }) => account.id === which);
  return one.length > 0 ? one : accounts.filter(({ channel }) => channel.kind === which);
};

const chosen = (which: string, channels: ChannelAccounts): readonly Connected[] =>
  named(which, channels).filter(({ channel }) => channel.provision);

function whyNot(which: string, channels: ChannelAccounts): { why: string; code: ExitCode } | undefined {
  const found = named(which, channels);
  const ids = channels.accounts.map(({ account }) => account.id).join(', ') || 'there is none';
  if (found.length === 0)
    return {
      why: `No channel account is called ${printable(which)}, nor is one of that kind. Accounts: ${ids}.`,
      code: exitCodes.usage,
    };
  if (chosen(which, channels).length === 0) {
    const { label, kind } = found[0]!.channel;
    return { why: `${label} cannot be set up from here: see docs/guides/${kind}.md.`, code: exitCodes.usage };
  }
  if (channels.tools.publicUrl !== undefined) return undefined;
  return {
    why: 'The platforms must be told where to deliver: set server.publicUrl in the configuration to the https address under which the internet reaches this service.',
    code: exitCodes.bad,
  };
}

interface Report {
  account: string;
  kind: string;
  /** `differs`: and nothing was changed. `failed`: the platform refused, or could not be reached. */
  state: 'as-wanted' | 'differs' | 'changed' | 'failed';
  changes: readonly SetupChange[];
  /** What still differs after everything was changed that can be changed from here. */
  left: readonly SetupChange[];
  why?: string;
}

async function setUp(
  { channel, account }: Connected,
  { dryRun, remove }: Pick<Options, 'dryRun' | 'remove'>,
  { tools }: ChannelAccounts,
): Promise<Report> {
  const webhookUrl = `${tools.publicUrl}/webhooks/${channel.kind}/${account.id}`;
  const ask = (apply: boolean) => channel.provision!({ webhookUrl, remove, apply }, account, tools);
  const report = { account: account.id, kind: channel.kind, changes: [], left: [] };
  const differs = await ask(false);
  if (differs.result !== 'done') return { ...report, state: 'failed', why: differs.why };
  const changes = differs.value;
  if (dryRun) return { ...report, changes, state: changes.length === 0 ? 'as-wanted' : 'differs' };
  // Also where nothing differs: there are secrets that can be set but not read back.
  const applied = await ask(true);
  if (applied.result !== 'done') return { ...report, changes, state: 'failed', why: applied.why };
  if (changes.length === 0) return { ...report, state: 'as-wanted' };
  const left = await ask(false);
  if (left.result !== 'done') return { ...report, changes, state: 'failed', why: left.why };
  return { ...report, changes, left: left.value, state: 'changed' };
}

function readableLines({ account, kind, state, changes, left, why }: Report): string[] {
  return [
    `${account} (${kind})`,
    ...changes.flatMap(changeLines),
    `  ${verdictOf(state, changes, left)}${why === undefined ? '' : `: ${printable(why)}`}`,
    ...left.flatMap(changeLines),
  ];
}

const changeLines = ({ what, now, wanted }: SetupChange): string[] => [
  `  ${printable(what)}`,
  `    - ${printable(now)}`,
  `    + ${printable(wanted)}`,
];

function verdictOf(state: Report['state'], changes: readonly SetupChange[], left: readonly SetupChange[]): string {
  const things = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
  switch (state) {
    case 'as-wanted':
      return 'All is as wanted.';
    case 'differs':
      return `${things(changes.length, 'thing differs', 'things differ')}; nothing was changed.`;
    case 'changed':
      return left.length === 0
        ? `${things(changes.length, 'thing was', 'things were')} put right.`
        : `${things(left.length, 'thing is', 'things are')} still not as wanted:`;
    case 'failed':
      return 'Not done';
    default:
      return state satisfies never;
  }
}
