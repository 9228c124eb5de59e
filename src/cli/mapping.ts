import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Applied, applyMapping, type RolledBack, rollBackMapping } from '../flows/change-mapping.ts';
import { checkMapping, type MappingChecked } from '../flows/check-mapping.ts';
import type { MappingMistake } from '../flows/live-mapping.ts';
import { type MappingDesk, mappingDiff } from '../flows/mapping-desk.ts';
import { type Preview, previewLines, previewMapping } from '../flows/preview-mapping.ts';
import { describeMistake } from '../settings/mistake.ts';
import { mappingVersion, mappingVersions } from '../store/mapping-versions.ts';
import { conversationOfTicket } from '../store/past-tickets.ts';
import { examples, WrongUsage, wholeNumber } from './ledger-command.ts';
import { type ExitCode, exitCodes, printable, type Terminal, table } from './terminal.ts';

/** What the commands on the mapping share. */
export interface MappingCommands {
  terminal: Terminal;
  /** Who is at the command line, for the audit. */
  who: string;
  /** Opens the ledger and the accounts, does the work, closes them; the work's exit code becomes the command's. */
  onDesk(work: (desk: MappingDesk) => Promise<ExitCode>): Promise<void>;
  /** Does work that needs neither. */
  onReader(work: (reader: MappingDesk['reader']) => Promise<ExitCode>): Promise<void>;
}

const whichFile = 'the file; without one that of the configuration; - for standard input';

export function addMapping(program: Command, commands: MappingCommands): void {
  const mapping = program
    .command('mapping')
    .description('how chats become tickets, contacts and history: check, apply, go back');
  addCheck(mapping, commands);
  addPreview(mapping, commands);
  addApply(mapping, commands);
  addHistory(mapping, commands);
  addShow(mapping, commands);
  addDiff(mapping, commands);
  addRollback(mapping, commands);
}

function addCheck(mapping: Command, { terminal, onReader, onDesk }: MappingCommands): void {
  const command = mapping
    .command('check')
    .description('tell every mistake in a mapping, with its line and column')
    .argument('[file]', whichFile)
    .option('--live', 'also against the fields, groups and values of the helpdesks and CRMs themselves')
    .option('--json', 'one JSON object a line')
    .action((file: string | undefined, { live = false, json = false }: { live?: boolean; json?: boolean }) => {
      const check = async (desk: Parameters<typeof checkMapping>[0]) => {
        const draft = await readDraft(desk.reader, file, terminal);
        return tellChecked(await checkMapping(desk, { ...draft, live }), draft.file, json, terminal);
      };
      return live ? onDesk(check) : onReader((reader) => check({ reader, helpdesks: new Map(), crms: new Map() }));
    });
  examples(command, 'mapping check', 'mapping check new-mapping.yaml --live', 'mapping check --json');
}

function tellChecked(
  { ok, mistakes, unchecked = [] }: MappingChecked,
  file: string,
  json: boolean,
  terminal: Terminal,
): ExitCode {
  for (const account of unchecked) {
    if (json) terminal.out(JSON.stringify({ unchecked: account }));
    else terminal.err(`Not checked: ${printable(account)}`);
  }
  if (mistakes.length > 0) return tellMistakes(mistakes, json, terminal);
  if (ok && !json) terminal.out(`${file}: ok`);
  return ok ? exitCodes.fine : exitCodes.bad;
}

function addPreview(mapping: Command, { terminal, onDesk }: MappingCommands): void {
  const command = mapping
    .command('preview')
    .description('show what a mapping would have made of a past conversation, beside what was; writes nothing')
    .argument('[file]', whichFile)
    .option('--conversation <id>', 'the conversation, by our number')
    .option('--ticket <id>', 'the conversation of this ticket, by the helpdesk’s number')
    .option('--json', 'one JSON object')
    .action((file: string | undefined, options: PreviewOptions) =>
      onDesk(async (desk) => {
        const draft = await readDraft(desk.reader, file, terminal);
        const read = desk.reader.read(draft.text, draft.file);
        if (!read.ok) return tellMistakes(read.mistakes, options.json === true, terminal);
        const id = await conversationIn(desk, options);
        const preview = id === undefined ? undefined : await previewMapping(desk, read.mapping, id);
        if (preview) return tellPreview(preview, options.json === true, terminal);
        terminal.err('There is no such conversation, or its account is no longer in the configuration.');
        return exitCodes.bad;
      }),
    );
  examples(command, 'mapping preview new-mapping.yaml --ticket 31', 'mapping preview --conversation 1234 --json');
}

interface PreviewOptions {
  conversation?: string;
  ticket?: string;
  json?: true;
}

async function conversationIn({ db }: MappingDesk, { conversation, ticket }: PreviewOptions) {
  if ((conversation === undefined) === (ticket === undefined))
    throw new WrongUsage('Say which: --conversation or --ticket.');
  if (conversation !== undefined) return wholeNumber(conversation, '--conversation');
  return conversationOfTicket(db, String(ticket));
}

function tellPreview(preview: Preview, json: boolean, terminal: Terminal): ExitCode {
  if (json) terminal.out(JSON.stringify(preview));
  else if (preview.tickets.length === 0) terminal.out('The conversation has no ticket yet.');
  for (const ticket of json ? [] : preview.tickets) {
    terminal.out(`Ticket ${ticket.ticket}, opened ${ticket.at.toISOString()} under version ${ticket.version}:`);
    for (const line of previewLines(ticket)) terminal.out(printable(line));
  }
  return exitCodes.fine;
}

function addApply(mapping: Command, { terminal, who, onDesk }: MappingCommands): void {
  const command = mapping
    .command('apply')
    .description('put a mapping in force, on all replicas, for what is said from then on')
    .argument('[file]', whichFile)
    .option('--comment <text>', 'why, for the history')
    .action((file: string | undefined, { comment }: { comment?: string }) =>
      onDesk(async ({ db, reader }) => {
        const draft = await readDraft(reader, file, terminal);
        return tellApplied(await applyMapping(db, reader, { ...draft, who, comment }), terminal);
      }),
    );
  examples(command, 'mapping apply', 'mapping apply new-mapping.yaml --comment "returns go to their own group"');
}

function addHistory(mapping: Command, { terminal, onDesk }: MappingCommands): void {
  const command = mapping
    .command('history')
    .description('list the versions, the latest first')
    .option('--limit <n>', 'at most so many, up to 1000', '50')
    .option('--json', 'one JSON object a line')
    .action(({ limit, json = false }: { limit: string; json?: boolean }) =>
      onDesk(async ({ db }) => {
        const versions = await mappingVersions(db, wholeNumber(limit, '--limit', 1_000));
        const rows = versions.map(({ number, at, state, source, who, comment }) =>
          [String(number), at.toISOString(), state === 'in-force' ? 'in force' : '', source, who, comment ?? ''].map(
            printable,
          ),
        );
        const lines = json
          ? versions.map((version) => JSON.stringify(version))
          : table([['VERSION', 'AT', 'STATE', 'FROM', 'WHO', 'COMMENT'], ...rows]);
        for (const line of lines) terminal.out(line);
        return exitCodes.fine;
      }),
    );
  examples(command, 'mapping history --limit 10');
}

function addShow(mapping: Command, { terminal, onDesk }: MappingCommands): void {
  const command = mapping
    .command('show')
    .description('print a version as it was written')
    .argument('<version>', 'its number')
    .action((number: string) =>
      onDesk(async ({ db }) => {
        const version = await mappingVersion(db, wholeNumber(number, 'the version'));
        if (!version) return noSuchVersion(number, terminal);
        terminal.out(version.text.replace(/\n$/, ''));
        return exitCodes.fine;
      }),
    );
  examples(command, 'mapping show 3 > old-mapping.yaml');
}

function addDiff(mapping: Command, { terminal, onDesk }: MappingCommands): void {
  const command = mapping
    .command('diff')
    .description('show how a version differs from another')
    .argument('<a>', 'the number of the one')
    .argument('<b>', 'the number of the other')
    .action((a: string, b: string) =>
      onDesk(async ({ db }) => {
        const diff = await mappingDiff(db, wholeNumber(a, 'the version'), wholeNumber(b, 'the version'));
        if (diff === undefined) return noSuchVersion(`${a} or ${b}`, terminal);
        terminal.out(diff === '' ? 'They are alike.' : diff);
        return exitCodes.fine;
      }),
    );
  examples(command, 'mapping diff 3 4');
}

function addRollback(mapping: Command, { terminal, who, onDesk }: MappingCommands): void {
  const command = mapping
    .command('rollback')
    .description('put an earlier version in force again, as a new one')
    .argument('<version>', 'its number')
    .action((number: string) =>
      onDesk(async ({ db, reader }) => {
        const rolledBack = await rollBackMapping(db, reader, { to: wholeNumber(number, 'the version'), who });
        return tellApplied(rolledBack, terminal, number);
      }),
    );
  examples(command, 'mapping rollback 3');
}

/** The text of a draft, and what mistakes are to call it. */
export async function readDraft(
  reader: MappingDesk['reader'],
  file: string | undefined,
  terminal: Terminal,
): Promise<{ text: string; file: string }> {
  if (file === undefined) return { text: reader.text, file: reader.file };
  const bytes = await terminal.read(file).catch((error: NodeJS.ErrnoException) => {
    throw new WrongUsage(`${file} cannot be read (${error.code ?? error.message}).`);
  });
  return { text: bytes.toString('utf8'), file: file === '-' ? 'standard input' : resolve(file) };
}

function tellApplied(applied: Applied | RolledBack, terminal: Terminal, number = ''): ExitCode {
  switch (applied.result) {
    case 'applied':
      terminal.out(`Version ${applied.version} is in force.`);
      return exitCodes.fine;
    case 'unchanged':
      terminal.out(`Nothing changes: version ${applied.version} says the same.`);
      return exitCodes.fine;
    case 'overtaken':
      terminal.err(`Meanwhile version ${applied.version} was applied; nothing was changed.`);
      return exitCodes.bad;
    case 'no-such-version':
      return noSuchVersion(number, terminal);
    case 'wrong':
      tellMistakes(applied.mistakes, false, terminal);
      terminal.err('Nothing was changed.');
      return exitCodes.bad;
  }
}

function noSuchVersion(number: string, terminal: Terminal): ExitCode {
  terminal.err(`There is no version ${printable(number)}.`);
  return exitCodes.bad;
}

export function tellMistakes(mistakes: readonly MappingMistake[], json: boolean, terminal: Terminal): ExitCode {
  for (const mistake of mistakes) {
    if (json) terminal.out(JSON.stringify(mistake));
    else terminal.err(describeMistake(mistake));
  }
  if (!json) terminal.err(`${mistakes.length} ${mistakes.length === 1 ? 'mistake' : 'mistakes'} in the mapping.`);
  return exitCodes.bad;
}
