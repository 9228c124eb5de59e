import { chmod, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { SetupAct } from '../domain/setup.ts';
import { runSetup, type Setup, type SetupReport } from '../flows/provision/set-up.ts';
import { examples } from './ledger-command.ts';
import { type ExitCode, exitCodes, printable, type Terminal } from './terminal.ts';

/** The accounts of the configuration that platforms can be told of. */
export interface Setups {
  setups: readonly Setup[];
  /** Those that cannot be set up from here, and what is to be read instead. */
  byHand: readonly { account: string; kind: string; why: string }[];
  close(): Promise<void>;
}

export interface SetupCommands {
  terminal: Terminal;
  /** Reads the configuration, lets the command work with its accounts, and notes its exit code. */
  onSetups(remove: boolean, work: (setups: Setups | { cannot: string }) => Promise<ExitCode>): Promise<void>;
}

interface Options {
  dryRun: boolean;
  remove: boolean;
  yes: boolean;
  json: boolean;
  showSecret: boolean;
  secretFile?: string;
}

const defaults: Options = { dryRun: false, remove: false, yes: false, json: false, showSecret: false };

/** Returns the command, for what is set up in a way of its own. */
export function addProvision(program: Command, { terminal, onSetups }: SetupCommands): Command {
  const command = program
    .command('provision')
    .description('set accounts up at their platforms: webhooks, subscriptions, triggers, fields, what else they need')
    .argument('<account | kind>', 'the id of an account, or a kind: all accounts of it')
    .argument('[account]', 'after a kind: only this account of it')
    .option('--dry-run', 'tell what differs, change nothing; exit code 1 if something does')
    .option('--remove', 'take away what was set up, instead')
    .option('--yes', 'with --remove on a terminal: do it')
    .option('--secret-file <file>', 'write a secret that the configuration still needs into this file')
    .option('--show-secret', 'print it')
    .option('--json', 'one JSON object an account: account, kind, state, changes, left, why')
    .action((which: string, id: string | undefined, given: Partial<Options>) => {
      const options = { ...defaults, ...given };
      return onSetups(options.remove, async (setups) => {
        if ('cannot' in setups) return said(terminal, setups.cannot, exitCodes.bad);
        return provision({ which, id }, options, setups, terminal);
      });
    });
  return examples(
    command,
    'provision zendesk --dry-run',
    'provision zendesk acme-zendesk --secret-file secrets/zendesk-webhook',
    'provision acme-page',
    'provision acme-page --remove --yes',
  );
}

function said({ err }: Terminal, text: string, code: ExitCode): ExitCode {
  err(text);
  return code;
}

interface Asked {
  which: string;
  id: string | undefined;
}

/**
 * Compares each account with what is wanted, prints what differs, puts it right, and compares again: what is then left
 * must be done by hand.
 */
async function provision(asked: Asked, options: Options, setups: Setups, terminal: Terminal): Promise<ExitCode> {
  const chosen = named(asked, setups.setups);
  if (chosen.length === 0) return said(terminal, whyNone(asked, setups), exitCodes.usage);
  const asks = options.remove && !options.yes && !options.dryRun && terminal.interactive === true;
  const reports: SetupReport[] = [];
  let missing = false;
  for (const setup of chosen) {
    const report = await runSetup(setup, { dryRun: options.dryRun || asks });
    for (const line of options.json ? [JSON.stringify(report)] : readableLines(report)) terminal.out(line);
    reports.push(report);
    if (report.state === 'failed' || options.dryRun || asks) continue;
    missing ||= !(await tellSecrets(setup, options, terminal));
    for (const { setting, what } of await setup.hints()) terminal.err(`In the configuration, ${setting}: ${what}`);
  }
  if (asks && reports.some(({ state }) => state === 'differs'))
    return said(terminal, 'Nothing was taken away yet. To do it, say --yes.', exitCodes.usage);
  return missing ? exitCodes.bad : codeOf(reports);
}

const codeOf = (reports: readonly SetupReport[]): ExitCode =>
  reports.every(({ state, left }) => (state === 'as-wanted' || state === 'changed') && left.length === 0)
    ? exitCodes.fine
    : exitCodes.bad;

function named<Each extends { account: string; kind: string }>({ which, id }: Asked, all: readonly Each[]): Each[] {
  if (id !== undefined) return all.filter(({ account, kind }) => kind === which && account === id);
  const one = all.filter(({ account }) => account === which);
  return one.length > 0 ? one : all.filter(({ kind }) => kind === which);
}

function whyNone(asked: Asked, { setups, byHand }: Setups): string {
  const [found] = named(asked, byHand);
  if (found) return found.why;
  const ids = [...setups, ...byHand].map(({ account }) => account).join(', ') || 'there is none';
  const sought = printable(asked.id ?? asked.which);
  return `No account is called ${sought}, nor is one of that kind. Accounts: ${ids}.`;
}

/** False where the configuration still lacks a secret, and it was not asked for either. */
async function tellSecrets(setup: Setup, options: Options, terminal: Terminal): Promise<boolean> {
  const read = await setup.secrets();
  if (read.result !== 'done') return said(terminal, `The secret could not be read: ${read.why}`, 1) === 0;
  const needed = read.value.filter(({ configured }) => !configured);
  for (const { place, value } of needed) {
    terminal.err(`The configuration does not have the secret that belongs to ${place}.`);
    if (options.secretFile !== undefined) {
      const failed = await writtenTo(options.secretFile, value.reveal());
      if (failed) return said(terminal, `It could not be written to ${options.secretFile}: ${failed}.`, 1) === 0;
      terminal.err(
        `It was written to ${options.secretFile}: let the variable of that setting, with _FILE after its name, say so.`,
      );
    } else if (options.showSecret) terminal.err(value.reveal());
    else terminal.err('To get it, say --secret-file FILE or --show-secret; then start the service again.');
  }
  return needed.length === 0 || options.secretFile !== undefined || options.showSecret;
}

/** For its owner's eyes alone, also where the file was there before. */
async function writtenTo(file: string, text: string): Promise<string | undefined> {
  try {
    await writeFile(file, text, { mode: 0o600 });
    await chmod(file, 0o600);
    return undefined;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

function readableLines({ account, kind, state, changes, left, why }: SetupReport): string[] {
  return [
    `${account} (${kind})`,
    ...changes.flatMap(actLines),
    `  ${verdictOf(state, changes, left)}${why === undefined ? '' : `: ${printable(why)}`}`,
    ...left.flatMap(actLines),
  ];
}

const actLines = ({ act, what, fields, why }: SetupAct): string[] => [
  `  ${act} ${printable(what)}${why === undefined ? '' : `: ${printable(why)}`}`,
  ...fields.flatMap(({ field, now, wanted }) => [
    ...(field === undefined ? [] : [`    ${printable(field)}`]),
    ...(act === 'create' ? [] : [`    - ${printable(now)}`]),
    `    + ${printable(wanted)}`,
  ]),
];

const things = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

function verdictOf(state: SetupReport['state'], changes: readonly SetupAct[], left: readonly SetupAct[]): string {
  const count = changes.filter(({ act }) => act !== 'leave').length;
  switch (state) {
    case 'as-wanted':
      return 'All is as wanted.';
    case 'differs':
      return `${things(count, 'thing differs', 'things differ')}; nothing was changed.`;
    case 'changed':
      return left.length === 0
        ? `${things(count, 'thing was', 'things were')} put right.`
        : `${things(left.length, 'thing is', 'things are')} still not as wanted:`;
    case 'failed':
      return count === 0 ? 'Not done' : `Done so far; run it again for the rest`;
    default:
      return state satisfies never;
  }
}
