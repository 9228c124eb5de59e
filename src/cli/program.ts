import { Command, CommanderError } from 'commander';
import type { Channel } from '../channels/channel.ts';
import type { CampaignDesk } from '../flows/campaign-desk.ts';
import type { CheckOptions, CheckReport } from '../flows/doctor/run-checks.ts';
import type { MappingDesk } from '../flows/mapping-desk.ts';
import type { Operations } from '../flows/operations.ts';
import type { Configuration } from '../settings/configuration.ts';
import type { Vault } from '../store/vault.ts';
import { addAudit } from './audit.ts';
import type { CampaignCommands } from './campaign-commands.ts';
import { addCampaigns } from './campaigns.ts';
import type { ChannelAccounts, ChannelCommands } from './channel-accounts.ts';
import { addChannelApp, type ChannelApp } from './channel-app.ts';
import { checkConfig, printMistakes } from './check-config.ts';
import { addConsents } from './consents.ts';
import { addCustomer } from './customer.ts';
import { addDoctor } from './doctor.ts';
import { explain } from './explain.ts';
import { addInit } from './init.ts';
import { addKeys } from './keys.ts';
import { type LedgerCommands, WrongUsage } from './ledger-command.ts';
import { addLinks } from './links.ts';
import { addMapping, type MappingCommands } from './mapping.ts';
import { addNotices } from './notices.ts';
import { addParked } from './parked.ts';
import { addPolicy, type PolicyCommands, type PolicyDesk } from './policy.ts';
import { addPrivacy } from './privacy.ts';
import { addProvision, type SetupCommands, type Setups } from './provision.ts';
import { addProvisionSalesforce, type Org, type OrgCommands } from './provision-salesforce.ts';
import { type ReconcileReport, reconcile } from './reconcile.ts';
import { addRedact } from './redact.ts';
import { addReplay } from './replay.ts';
import { addShopWebhooks } from './shop-webhooks.ts';
import { addTemplates } from './templates.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';
import { addUsers } from './users.ts';

export type GoodConfiguration = Extract<Configuration, { ok: true }>;

/** What the commands do their work with. */
export interface ProgramDeps {
  terminal: Terminal;
  /** By kind. */
  channels: Readonly<Record<string, Channel>>;
  /** Where the example configuration is; and where the configuration is sought when nothing else is said. */
  examplesIn: string;
  usualFile: string;
  /** `path` as the user gave it; without one the default. */
  readConfiguration(path?: string): Configuration;
  /** Resolves once the service runs; it goes on running. */
  start(configuration: GoodConfiguration): Promise<void>;
  /** Looks at everything that is configured, and at what it runs on. */
  examine(configuration: GoodConfiguration, options: CheckOptions): Promise<readonly CheckReport[]>;
  /** Compares a channel account's history with the ledger; `back` in milliseconds. `cannot` says why not. */
  reconcile(
    configuration: GoodConfiguration,
    account: string,
    back: number,
  ): Promise<ReconcileReport | { cannot: string }>;
  /** The channel accounts, to ask their platforms; needs no ledger. */
  openChannels(configuration: GoodConfiguration): ChannelAccounts;
  /** The Salesforce orgs, to set them up; needs no ledger. */
  openOrgs(configuration: GoodConfiguration): { orgs: readonly Org[]; close(): Promise<void> };
  /** The accounts that can be set up at their platforms; `cannot` says what the configuration lacks for that. */
  openSetups(configuration: GoodConfiguration, remove: boolean): Setups | { cannot: string };
  channelApp(configuration: GoodConfiguration, helpdesk: string): ChannelApp;
  /** The ledger, beside the service or without it. */
  openOperations(configuration: GoodConfiguration): Promise<Operations & { close(): Promise<void> }>;
  /** Campaigns as the configuration has them. */
  campaignsOf(configuration: GoodConfiguration): Omit<CampaignDesk, 'db' | 'queue' | 'now'>;
  /** The ledger and the accounts, to work on the mapping. */
  openMappingDesk(configuration: GoodConfiguration): Promise<MappingDesk & { close(): Promise<void> }>;
  /** The rules of the platforms and the accounts; needs no ledger, but can open it. */
  openPolicy(configuration: GoodConfiguration): Promise<PolicyDesk & { close(): Promise<void> }>;
  /** Where copies of files are. */
  openVault(configuration: GoodConfiguration): Promise<Vault>;
  /** Who is at the command line. */
  who: string;
}

/** Runs one command; `args` are without the program's own name. Resolves with the exit code. */
export async function runProgram(args: readonly string[], deps: ProgramDeps): Promise<ExitCode> {
  let code: ExitCode = exitCodes.fine;
  const program = makeProgram(deps, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has already printed the help or what was wrong with the arguments.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.usage;
    throw error;
  }
}

/** The commands. `ended` is told each command's exit code. */
export function makeProgram(deps: ProgramDeps, ended: (code: ExitCode) => void): Command {
  const program = new Command('passerelle')
    .description('Joins the messaging apps customers use to Zendesk and Salesforce.')
    // What stands behind a command's name is for that command, where the one before it knows it as well.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => deps.terminal.out(text.trimEnd()),
      writeErr: (text) => deps.terminal.err(text.trimEnd()),
    })
    .showHelpAfterError('(see --help)')
    .addHelpText('after', programHelp(exampleKind(deps)));
  addInit(program, { ...deps, ended });
  addStart(program, deps, ended);
  addCheckConfig(program, deps, ended);
  addDoctor(program, { ...deps, ended, examine: (options) => examineConfigured(deps, options) });
  addExplain(program, deps, ended);
  addReconcile(program, deps, ended);
  const platforms = channelCommands(deps, ended);
  addProvisionSalesforce(addProvision(program, setupCommands(deps, ended)), orgCommands(deps, ended));
  const appIn = (id: string, good = configured(deps)) => good && deps.channelApp(good, id);
  addChannelApp(program, { ...deps, ended, appOf: (id) => appIn(id) });
  addTemplates(program, platforms);
  addNotices(program, { ...deps, ended });
  const commands = ledgerCommands(deps, ended);
  addMapping(program, mappingCommands(deps, ended));
  addParked(program, commands);
  addLinks(program, commands);
  addReplay(program, commands);
  addRedact(program, commands);
  addKeys(program, commands);
  addUsers(program, commands);
  addCustomer(program, commands);
  addConsents(program, commands);
  addPolicy(program, policyCommands(deps, ended));
  addCampaigns(program, campaignCommands(deps, ended));
  addPrivacy(program, { ...commands, openVault: () => deps.openVault(deps.readConfiguration() as GoodConfiguration) });
  addShopWebhooks(program, commands);
  addAudit(program, commands);
  return program;
}

/** An example must name some channel. */
const exampleKind = ({ channels }: ProgramDeps): string => Object.keys(channels).at(-1) ?? 'kind';

const programHelp = (kind: string) => `
The configuration is config/passerelle.yaml, or the file named by PASSERELLE_CONFIG.
Exit codes: 0 all is well, 1 something is wrong with what was looked at, 2 wrong usage.

Examples:
  passerelle start
  passerelle check-config
  passerelle explain ${kind} body.json --json
  passerelle parked list`;

type Ended = (code: ExitCode) => void;

function channelCommands(deps: ProgramDeps, ended: Ended): ChannelCommands {
  return {
    terminal: deps.terminal,
    onChannels: async (work) => {
      const configuration = configured(deps);
      if (!configuration) return ended(exitCodes.bad);
      const channels = deps.openChannels(configuration);
      try {
        ended(await work(channels));
      } finally {
        await channels.close();
      }
    },
  };
}

function orgCommands(deps: ProgramDeps, ended: Ended): OrgCommands {
  return {
    terminal: deps.terminal,
    onOrgs: async (work) => {
      const configuration = configured(deps);
      if (!configuration) return ended(exitCodes.bad);
      const { orgs, close } = deps.openOrgs(configuration);
      try {
        ended(await work(orgs));
      } finally {
        await close();
      }
    },
  };
}

function setupCommands(deps: ProgramDeps, ended: Ended): SetupCommands {
  return {
    terminal: deps.terminal,
    onSetups: async (remove, work) => {
      const configuration = configured(deps);
      if (!configuration) return ended(exitCodes.bad);
      const setups = deps.openSetups(configuration, remove);
      try {
        ended(await work(setups));
      } finally {
        if ('close' in setups) await setups.close();
      }
    },
  };
}

function ledgerCommands(deps: ProgramDeps, ended: Ended): LedgerCommands {
  return {
    terminal: deps.terminal,
    who: deps.who,
    now: () => new Date(),
    onLedger: (work) => onOpened(deps, ended, deps.openOperations, work),
  };
}

function campaignCommands(deps: ProgramDeps, ended: Ended): CampaignCommands {
  const { terminal, who } = deps;
  const now = () => new Date();
  const opened = async (configuration: GoodConfiguration) => {
    const { db, queue, close } = await deps.openOperations(configuration);
    return { ...deps.campaignsOf(configuration), db, queue, now, close };
  };
  return {
    ...{ terminal, who, now },
    onCampaigns: (work) => onOpened<CampaignDesk & Opened>(deps, ended, opened, work),
  };
}

function mappingCommands(deps: ProgramDeps, ended: Ended): MappingCommands {
  return {
    terminal: deps.terminal,
    who: deps.who,
    onDesk: (work) => onOpened(deps, ended, deps.openMappingDesk, work),
    onReader: async (work) => {
      const configuration = configured(deps);
      if (!configuration) return ended(exitCodes.bad);
      await unlessWrongUsage(deps, ended, () => work(configuration.mapping.source));
    },
  };
}

function policyCommands(deps: ProgramDeps, ended: Ended): PolicyCommands {
  return {
    terminal: deps.terminal,
    now: () => new Date(),
    onPolicy: (work) => onOpened(deps, ended, deps.openPolicy, work),
  };
}

type Opened = { close(): Promise<void> };

/** Opens the ledger, with what goes with it, works, and closes it again. */
async function onOpened<Open extends Opened>(
  deps: ProgramDeps,
  ended: Ended,
  open: (configuration: GoodConfiguration) => Promise<Open>,
  work: (opened: Open) => Promise<ExitCode>,
): Promise<void> {
  const configuration = configured(deps);
  if (!configuration) return ended(exitCodes.bad);
  const opened = await open(configuration).catch((error: Error) => error.message);
  if (typeof opened === 'string') {
    deps.terminal.err(`The ledger cannot be opened: ${opened}`);
    return ended(exitCodes.bad);
  }
  try {
    await unlessWrongUsage(deps, ended, () => work(opened));
  } finally {
    await opened.close();
  }
}

async function unlessWrongUsage(deps: ProgramDeps, ended: Ended, work: () => Promise<ExitCode>): Promise<void> {
  try {
    ended(await work());
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error;
    deps.terminal.err(error.message);
    ended(exitCodes.usage);
  }
}

function addStart(program: Command, deps: ProgramDeps, ended: Ended): void {
  program
    .command('start')
    .description('run the service')
    .action(async () => {
      const configuration = configured(deps);
      if (configuration) await deps.start(configuration);
      else ended(exitCodes.bad);
    });
}

function addCheckConfig(program: Command, deps: ProgramDeps, ended: Ended): void {
  program
    .command('check-config')
    .description('tell every mistake in the configuration and the mapping, with its line')
    .argument('[file]', 'another configuration than the usual one')
    .option('--json', 'one JSON object a line')
    .addHelpText('after', '\nExamples:\n  passerelle check-config\n  passerelle check-config config/new.yaml --json')
    .action((file: string | undefined, { json = false }: { json?: boolean }) =>
      ended(checkConfig(deps.readConfiguration(file), json, deps.terminal)),
    );
}

function addExplain(program: Command, deps: ProgramDeps, ended: Ended): void {
  const kinds = Object.keys(deps.channels).join(', ');
  const kind = exampleKind(deps);
  program
    .command('explain')
    .description("print the events a webhook's body would become; stores nothing, checks no signature")
    .argument('<kind>', `the channel it came from: ${kinds}`)
    .argument('<file>', 'the body, or - for standard input')
    .option('--json', 'one JSON object a line: type, id, from, to, at, parts…')
    .addHelpText(
      'after',
      `\nExamples:\n  passerelle explain ${kind} body.json\n  pbpaste | passerelle explain ${kind} - --json`,
    )
    .action(async (kind: string, file: string, { json = false }: { json?: boolean }) =>
      ended(await explain({ kind, file, json }, deps.channels, deps.terminal)),
    );
}

function addReconcile(program: Command, deps: ProgramDeps, ended: Ended): void {
  program
    .command('reconcile')
    .description("compare a channel account's own history with the ledger and take in what no webhook told")
    .argument('<account>', 'the id of an account under channels')
    .option('--since <time>', 'how far back: 30m, 2h, 3d…', '24h')
    .option('--json', 'one JSON object: from, to, seen, known, recovered, missed, problem')
    .addHelpText(
      'after',
      '\nExamples:\n  passerelle reconcile acme-page\n  passerelle reconcile acme-page --since 2h --json',
    )
    .action(async (account: string, { since, json = false }: { since: string; json?: boolean }) => {
      const configuration = configured(deps);
      if (!configuration) return ended(exitCodes.bad);
      const compare = (id: string, back: number) => deps.reconcile(configuration, id, back);
      return ended(await reconcile({ account, since, json }, compare, deps.terminal));
    });
}

async function examineConfigured(deps: ProgramDeps, options: CheckOptions) {
  const configuration = configured(deps);
  return configuration ? deps.examine(configuration, options) : undefined;
}

/** Undefined when there are mistakes, which are then printed. */
function configured(deps: ProgramDeps): GoodConfiguration | undefined {
  const configuration = deps.readConfiguration();
  if (configuration.ok) return configuration;
  printMistakes(configuration.mistakes, false, deps.terminal);
  return undefined;
}
