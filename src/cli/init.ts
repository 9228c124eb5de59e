import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import {
  type FirstChoice,
  firstConfiguration,
  type NamedVariable,
  sampleKinds,
  variablesOf,
} from '../settings/first-configuration.ts';
import { examples, WrongUsage } from './ledger-command.ts';
import { type ExitCode, exitCodes, printable, type Terminal } from './terminal.ts';

export interface InitCommands {
  terminal: Terminal;
  /** Where the examples are that the first configuration is made from. */
  examplesIn: string;
  /** Where the configuration is sought when nothing else is said. */
  usualFile: string;
  ended(code: ExitCode): void;
}

interface Options {
  name?: string;
  url?: string;
  channels?: string;
  helpdesk?: string;
  crm?: string;
  set: string[];
  dir?: string;
  envFile?: string;
  interactive: boolean;
}

export function addInit(program: Command, commands: InitCommands): void {
  const command = program
    .command('init')
    .description('ask, and write a first configuration: passerelle.yaml, mapping.yaml and .env; nothing is overwritten')
    .option('--name <name>', 'a short name of the company; every id begins with it')
    .option('--url <url>', 'how the internet reaches this service: https://chat.acme.example')
    .option('--channels <kinds>', 'where customers write, with commas between')
    .option('--helpdesk <kind>', 'where agents work')
    .option('--crm <kind>', 'where contacts and history live, or none')
    .option(
      '--set <NAME=value>',
      'the value of a variable, into .env; may be repeated',
      (each, all: string[]) => [...all, each],
      [],
    )
    .option('--dir <folder>', 'where passerelle.yaml and mapping.yaml go; by default where they are sought')
    .option('--env-file <file>', 'where the variables go; by default .env beside that folder')
    .option('--interactive', 'ask for what is not said, although this is no terminal', false)
    .action(async (options: Options) => commands.ended(await init(options, commands)));
  examples(
    command,
    'init',
    'init --name acme --url https://chat.acme.example --channels KIND,KIND --helpdesk KIND --crm none',
  );
}

interface Answers extends FirstChoice {
  url: string;
  values: Map<string, string>;
}

async function init(options: Options, { terminal, examplesIn, usualFile }: InitCommands): Promise<ExitCode> {
  const configuration = options.dir === undefined ? usualFile : resolve(options.dir, 'passerelle.yaml');
  const dir = dirname(configuration);
  const files = {
    configuration,
    mapping: join(dir, 'mapping.yaml'),
    env: resolve(options.envFile ?? join(dirname(dir), '.env')),
  };
  const inTheWay = Object.values(files).filter((file) => existsSync(file));
  if (inTheWay.length > 0) {
    terminal.err(`Nothing was written, for this is there already: ${inTheWay.join(', ')}.`);
    return exitCodes.bad;
  }
  try {
    const example = await readFile(join(examplesIn, 'example.passerelle.yaml'), 'utf8');
    const answers = await answersTo(options, example, terminal);
    await write(files, answers, example, await readFile(join(examplesIn, 'example.mapping.yaml'), 'utf8'));
    for (const line of nextSteps(files, answers, example)) terminal.out(line);
    return exitCodes.fine;
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error;
    terminal.err(error.message);
    return exitCodes.usage;
  }
}

/** What a flag says, else what a person answers, else the default. */
async function answersTo(options: Options, example: string, terminal: Terminal): Promise<Answers> {
  const kinds = sampleKinds(example);
  const person = terminal.interactive === true || options.interactive ? terminal.ask : undefined;
  const decide = async (given: string | undefined, flag: string, question: Question): Promise<string> => {
    if (given !== undefined) return checked(question, given, flag);
    if (!person) return checked(question, question.byDefault ?? missing(flag, question), flag);
    return asked(person, question, terminal);
  };
  const one = (among: readonly string[]) => (text: string) =>
    among.includes(text) ? undefined : `one of ${among.join(', ')}`;
  const several = (among: readonly string[]) => (text: string) =>
    listed(text).every((kind) => among.includes(kind)) && listed(text).length > 0
      ? undefined
      : `some of ${among.join(', ')}`;
  const name = await decide(options.name, '--name', {
    ask: 'A short name of the company; every id begins with it',
    byDefault: 'acme',
    wrong: notAName,
  });
  const url = await decide(options.url, '--url', {
    ask: 'How the internet reaches this service (https://…)',
    wrong: notAnAddress,
  });
  const channels = await decide(options.channels, '--channels', {
    ask: `Where customers write, with commas between: ${kinds.channels.join(', ')}`,
    wrong: several(kinds.channels),
  });
  const helpdesk = await decide(options.helpdesk, '--helpdesk', {
    ask: `Where agents work: ${kinds.helpdesks.join(', ')}`,
    byDefault: kinds.helpdesks[0]!,
    wrong: one(kinds.helpdesks),
  });
  const crm = await decide(options.crm, '--crm', {
    ask: `Where contacts and history live: ${kinds.crms.join(', ')} or none`,
    byDefault: 'none',
    wrong: one([...kinds.crms, 'none']),
  });
  const choice = { name, channels: [...new Set(listed(channels))], helpdesk, crm: crm === 'none' ? undefined : crm };
  const values = new Map([...given(options.set), ['PUBLIC_URL', url.replace(/\/+$/, '')]]);
  if (person) await askForAddresses(person, choice, example, values, terminal);
  return { ...choice, url, values };
}

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);

function given(pairs: readonly string[]): [string, string][] {
  return pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (!/^[A-Z][A-Z0-9_]*=/.test(pair)) throw new WrongUsage(`--set ${printable(pair)}: expected NAME=value.`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
}

interface Question {
  ask: string;
  byDefault?: string;
  /** What is expected instead; undefined when the answer is good. */
  wrong(text: string): string | undefined;
}

const notAName = (text: string) =>
  /^[a-z][a-z0-9]{0,29}$/.test(text) ? undefined : 'small letters and digits, beginning with a letter';
const notAnAddress = (text: string) =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
    ? undefined
    : 'an address such as https://chat.acme.example';

function missing(flag: string, { ask }: Question): never {
  throw new WrongUsage(`${flag} is missing (${ask}). At a terminal it would be asked for.`);
}

function checked({ wrong }: Question, text: string, flag: string): string {
  const expected = wrong(text);
  if (expected !== undefined) throw new WrongUsage(`${flag} ${printable(text)}: expected ${expected}.`);
  return text;
}

type Ask = NonNullable<Terminal['ask']>;

async function asked(person: Ask, question: Question, { err }: Terminal): Promise<string> {
  for (;;) {
    const answer = await person(
      `${question.ask}${question.byDefault === undefined ? '' : ` [${question.byDefault}]`}: `,
    );
    if (answer === undefined) throw new WrongUsage('The answers ended before the questions did; nothing was written.');
    const text = answer.trim() || (question.byDefault ?? '');
    const expected = question.wrong(text);
    if (expected === undefined) return text;
    err(`Expected ${expected}.`);
  }
}

/** Addresses are no secrets and easily known; all else goes into the file by hand, not through the screen. */
async function askForAddresses(
  person: Ask,
  choice: FirstChoice,
  example: string,
  values: Map<string, string>,
  terminal: Terminal,
): Promise<void> {
  const addresses = variablesOf(firstConfiguration(example, choice)).filter(
    ({ name, optional }) => name.endsWith('_URL') && !optional,
  );
  for (const { name, help } of addresses) {
    if (values.has(name)) continue;
    const wrong = (text: string) => (text === '' ? undefined : notAnAddress(text));
    values.set(name, await asked(person, { ask: `${name}, ${help || 'an address'} (empty: later)`, wrong }, terminal));
  }
}

type Files = Record<'configuration' | 'mapping' | 'env', string>;

const firstLines = `# The configuration of Passerelle. Secrets stand in variables (the file .env beside this folder, or wherever you keep them).
# \`npx passerelle check-config\` tells everything that is still wrong, with line numbers. All settings: docs/reference/settings.md.
`;

async function write(files: Files, answers: Answers, example: string, mapping: string): Promise<void> {
  const configuration = firstConfiguration(example, answers);
  await mkdir(dirname(files.configuration), { recursive: true });
  // `wx`: one that appeared meanwhile is not overwritten either.
  const text = configuration.replace(/^# The configuration of Passerelle\. [\s\S]*?\n(?=#?\n)/, firstLines);
  await writeFile(files.configuration, text, { flag: 'wx' });
  await writeFile(files.mapping, mapping, { flag: 'wx' });
  await writeFile(files.env, envText(variablesOf(configuration), answers.values), { flag: 'wx', mode: 0o600 });
}

function envText(variables: readonly NamedVariable[], values: ReadonlyMap<string, string>): string {
  const lines = variables.flatMap((variable) => {
    const { name, help, optional, ownText } = variable;
    const value = values.get(name) ?? (ownText ? randomBytes(16).toString('hex') : '');
    const words = [help, optional && !value ? 'may stay empty' : ''].filter(Boolean).join('; ');
    return [...(words ? [`# ${words}`] : []), `${name}=${quoted(value)}`];
  });
  const known = new Set(variables.map(({ name }) => name));
  const more = [...values].filter(([name]) => !known.has(name)).map(([name, value]) => `${name}=${quoted(value)}`);
  return `# What config/passerelle.yaml names. Keep this file to yourself.\n${[...lines, ...more].join('\n')}\n`;
}

/** As a shell, Docker and Node read it alike. */
const quoted = (value: string): string => (/^[\w./:@%+-]*$/.test(value) ? value : `'${value.replaceAll("'", '')}'`);

function nextSteps(files: Files, answers: Answers, example: string): string[] {
  const shown = (file: string) => relative('.', file) || file;
  const configuration = firstConfiguration(example, answers);
  const open = variablesOf(configuration).filter(
    ({ name, optional, ownText }) => !optional && !ownText && !answers.values.get(name),
  );
  const desk = answers.helpdesk;
  const steps = [
    ...(open.length > 0 ? [`Fill in ${shown(files.env)}: ${open.map(({ name }) => name).join(', ')}.`] : []),
    `Load it, and look for mistakes:  set -a; . ${sourced(shown(files.env))}; set +a; npx passerelle check-config`,
    'Start the service:  npm start',
    `Set up the platforms, first as a dry run:  npx passerelle provision ${desk ?? answers.channels[0]} --dry-run`,
    'See whether all is well:  npx passerelle doctor',
  ];
  return [
    `Written: ${Object.values(files).map(shown).join(', ')}.`,
    '',
    'Next:',
    ...steps.map((step, i) => `  ${i + 1}. ${step}`),
    `Guides: ${[...answers.channels, desk, answers.crm].flatMap((kind) => (kind ? [`docs/guides/${kind}.md`] : [])).join(', ')}.`,
  ];
}

/** A shell looks for a bare name elsewhere. */
const sourced = (file: string): string => (file.startsWith('/') ? file : `./${file}`);
