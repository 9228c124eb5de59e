import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { SetupChange } from '../channels/channel.ts';
import { examples } from './ledger-command.ts';
import { type ExitCode, exitCodes, printable, type Terminal } from './terminal.ts';

/** One Salesforce org that the configuration names, to be brought to where the package of this repository wants it. */
export interface Org {
  /** The account's id; of several that are one org, the first one's. */
  id: string;
  compare(): Promise<{ differs: SetupChange[] } | { cannot: string }>;
  /** Deploys the package, or what takes it out of use; `checkOnly` only tries. Then the user gets the permission set. */
  deploy(options: {
    checkOnly: boolean;
    remove: boolean;
    onProgress(progress: { status: string; done: number; total: number }): void;
  }): Promise<{ problems: { component: string; problem: string }[] } | { cannot: string }>;
  /** What would be deployed. */
  zip(remove: boolean): Promise<Buffer>;
}

export interface OrgCommands {
  terminal: Terminal;
  onOrgs(work: (orgs: readonly Org[]) => Promise<ExitCode>): Promise<void>;
}

interface Options {
  dryRun: boolean;
  remove: boolean;
  yes: boolean;
  json: boolean;
  zip?: string;
}

export function addProvisionSalesforce(provision: Command, { terminal, onOrgs }: OrgCommands): void {
  const command = provision
    .command('salesforce')
    .description('set a Salesforce org up: key fields, message object, event, flow, permission set')
    .argument('[account]', 'the id of an account under helpdesks or crms; without it all orgs')
    .option('--dry-run', 'tell what differs and let Salesforce check the package; exit code 1 if something does')
    .option('--remove', 'take the flow out of use and the permission set away; fields keep what is in them')
    .option('--yes', 'with --remove: do it')
    .option('--zip <file>', 'write the package to this file, for an administrator to deploy; asks Salesforce nothing')
    .option('--json', 'one JSON object an org: account, state, changes, problems, left, why')
    .action((account: string | undefined, given: Partial<Options>) => {
      const options = { dryRun: false, remove: false, yes: false, json: false, ...given };
      return onOrgs((orgs) => provisionOrgs(account, options, orgs, terminal));
    });
  examples(
    command,
    'provision salesforce --dry-run',
    'provision salesforce acme-cases',
    'provision salesforce --zip org.zip',
  );
}

async function provisionOrgs(
  account: string | undefined,
  options: Options,
  orgs: readonly Org[],
  terminal: Terminal,
): Promise<ExitCode> {
  const chosen = orgs.filter(({ id }) => account === undefined || id === account);
  const [first] = chosen;
  if (!first) {
    const ids = orgs.map(({ id }) => id).join(', ') || 'there is none';
    terminal.err(
      `No Salesforce account ${account ? `is called ${printable(account)}` : 'is configured'}. Accounts: ${ids}.`,
    );
    return exitCodes.usage;
  }
  if (options.zip !== undefined) return writeZip(first, options.zip, options.remove, terminal);
  if (options.remove && !options.yes && !options.dryRun) {
    terminal.err('Nothing was taken away. To do it, say --yes.');
    return exitCodes.usage;
  }
  let code: ExitCode = exitCodes.fine;
  for (const org of chosen) {
    const report = await setUp(org, options, options.json ? () => undefined : terminal.out);
    for (const line of options.json ? [JSON.stringify(report)] : readable(report)) terminal.out(line);
    if (!isFine(report)) code = exitCodes.bad;
  }
  return code;
}

async function writeZip(org: Org, file: string, remove: boolean, terminal: Terminal): Promise<ExitCode> {
  await writeFile(file, await org.zip(remove));
  terminal.out(
    `${file} holds the package. An administrator deploys it: sf project deploy start --metadata-dir ${file}`,
  );
  return exitCodes.fine;
}

interface Report {
  account: string;
  /** `differs`: nothing was changed. `failed`: Salesforce refused, or could not be asked. */
  state: 'as-wanted' | 'differs' | 'changed' | 'removed' | 'failed';
  changes: readonly SetupChange[];
  problems: readonly { component: string; problem: string }[];
  /** What still differs afterwards. */
  left: readonly SetupChange[];
  why?: string;
}

const isFine = ({ state, left }: Report): boolean =>
  (state === 'as-wanted' || state === 'changed' || state === 'removed') && left.length === 0;

async function setUp(org: Org, { dryRun, remove }: Options, say: (line: string) => void): Promise<Report> {
  const nothing = { account: org.id, changes: [], problems: [], left: [] };
  const compared = await org.compare();
  if ('cannot' in compared) return { ...nothing, state: 'failed', why: compared.cannot };
  const report = { ...nothing, changes: remove ? [] : compared.differs };
  if (!remove && compared.differs.length === 0) return { ...report, state: 'as-wanted' };
  const ended = await org.deploy({ checkOnly: dryRun, remove, onProgress: progressTo(say) });
  if ('cannot' in ended) return { ...report, state: 'failed', why: ended.cannot };
  if (ended.problems.length > 0) return { ...report, problems: ended.problems, state: 'failed' };
  if (dryRun) return { ...report, state: 'differs' };
  if (remove) return { ...report, state: 'removed' };
  const after = await org.compare();
  if ('cannot' in after) return { ...report, state: 'failed', why: after.cannot };
  return { ...report, left: after.differs, state: 'changed' };
}

/** Says each step once. */
function progressTo(say: (line: string) => void) {
  let last = '';
  return ({ status, done, total }: { status: string; done: number; total: number }) => {
    const line = `  ${printable(status)}${total > 0 ? `: ${done} of ${total} components` : ''}`;
    if (line !== last) say(line);
    last = line;
  };
}

const readable = ({ account, state, changes, problems, left, why }: Report): string[] => [
  account,
  ...changes.flatMap(changeLines),
  ...problems.map(({ component, problem }) => `  ${printable(component)}: ${printable(problem)}`),
  `  ${verdicts[state]}${why === undefined ? '' : `: ${printable(why)}`}`,
  ...left.flatMap(changeLines),
  ...(left.length > 0 ? ['  is still not as wanted: do it in Setup'] : []),
  ...(state === 'failed' ? [byHand] : []),
];

const verdicts: Record<Report['state'], string> = {
  'as-wanted': 'All is as wanted.',
  differs: 'Salesforce would take the package; nothing was changed.',
  changed: 'The package was deployed.',
  removed: 'The flow is out of use and the permission set is gone; fields, object and event are still there.',
  failed: 'Not done',
};

const byHand =
  '  The user of the account may not be allowed to deploy. An administrator can: --zip writes the package to a file.';

const changeLines = ({ what, now, wanted }: SetupChange): string[] => [
  `  ${printable(what)}`,
  `    - ${printable(now)}`,
  `    + ${printable(wanted)}`,
];
