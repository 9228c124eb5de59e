import type { Command } from 'commander';
import { describeParked, type ParkedDetail } from '../flows/describe-parked.ts';
import { discardParked } from '../flows/discard-parked.ts';
import type { Operations } from '../flows/operations.ts';
import { listParked, type Parked } from '../store/parked.ts';
import { placeFrom, placeText } from '../store/parked-place.ts';
import { age, examples, type LedgerCommands, timeOf, WrongUsage, wholeNumber } from './ledger-command.ts';
import { printReplay, replayEach } from './replay.ts';
import { type ExitCode, exitCodes, printable, type Terminal, table } from './terminal.ts';

export function addParked(program: Command, commands: LedgerCommands): void {
  const parked = program.command('parked').description('what was set aside for a person: see, do again, give up');
  addList(parked, commands);
  addShow(parked, commands);
  addReplay(parked, commands);
  addDiscard(parked, commands);
}

interface ListOptions {
  target?: string;
  account?: string;
  since?: string;
  limit: string;
  cursor?: string;
  json?: true;
}

function addList(parked: Command, { terminal, now, onLedger }: LedgerCommands): void {
  const command = parked
    .command('list')
    .description('list what is parked, the latest first')
    .option('--target <target>', 'only for this target, such as helpdesk:acme-zendesk')
    .option('--account <id>', 'only of this channel account')
    .option('--since <time>', 'only what was parked since: 2026-01-31T09:00Z, or how long ago: 2h, 7d')
    .option('--limit <n>', 'at most so many, up to 500', '50')
    .option('--cursor <cursor>', 'go on where the last list ended')
    .option('--json', 'one JSON object a line; the last holds the cursor if there is more')
    .action((options: ListOptions) => onLedger(({ db }) => list(db, options, terminal, now())));
  examples(command, 'parked list', 'parked list --target crm:acme-salesforce --since 2d --json');
}

async function list(db: Operations['db'], options: ListOptions, terminal: Terminal, now: Date): Promise<ExitCode> {
  const { target, account } = options;
  const since = options.since === undefined ? undefined : timeOf(options.since, now);
  const after = options.cursor === undefined ? undefined : placeFrom(options.cursor);
  if (options.cursor !== undefined && !after) throw new WrongUsage('The cursor is none that a list printed.');
  const limit = wholeNumber(options.limit, '--limit', 500);
  const { items, next } = await listParked(db, { target, account, since }, limit, after);
  const cursor = next && placeText(next);
  if (options.json) {
    for (const item of items) terminal.out(JSON.stringify(item));
    if (cursor) terminal.out(JSON.stringify({ cursor }));
    return exitCodes.fine;
  }
  if (items.length === 0) terminal.out('Nothing is parked.');
  else for (const line of table([head, ...items.map((item) => row(item, now))])) terminal.out(line);
  if (cursor) terminal.out(`There is more: --cursor ${cursor}`);
  return exitCodes.fine;
}

const head = ['ID', 'KIND', 'ACCOUNT', 'CONVERSATION', 'TICKET', 'TRIES', 'PARKED', 'REASON'];

const row = (item: Parked, now: Date): string[] =>
  [
    item.id,
    kindOf(item),
    item.account,
    String(item.conversation ?? '-'),
    item.ticket ?? '-',
    String(item.attempts),
    age(item.parkedAt, now),
    item.reason,
  ].map(printable);

const kindOf = ({ what, kind, author }: Parked) => (what === 'event' ? `event ${kind}` : `${kind} by ${author}`);

function addShow(parked: Command, { terminal, onLedger }: LedgerCommands): void {
  const command = parked
    .command('show')
    .description('tell what it is, why it is parked, what was tried, and what to do')
    .argument('<id>', 'an id that the list tells')
    .option('--show-text', 'also print what was written; without it nothing a customer or an agent wrote is shown')
    .option('--json', 'one JSON object')
    .action((id: string, { showText = false, json = false }: { showText?: boolean; json?: boolean }) =>
      onLedger(async ({ db }) => {
        const found = await describeParked(db, id, showText);
        if (!found) return notParked(id, terminal);
        if (json) terminal.out(JSON.stringify(found));
        else for (const line of detailLines(found)) terminal.out(line);
        return exitCodes.fine;
      }),
    );
  examples(command, 'parked show 1234:helpdesk:acme-zendesk', 'parked show event:99 --show-text');
}

function notParked(id: string, terminal: Terminal): ExitCode {
  terminal.err(`Nothing is parked under ${printable(id)}.`);
  return exitCodes.bad;
}

function detailLines(found: ParkedDetail): string[] {
  const facts: [string, string | undefined][] = [
    ['id', found.id],
    ['what', kindOf(found)],
    ['target', found.target],
    ['account', found.account],
    ['platform user', found.platformUser],
    ['conversation', found.conversation?.toString()],
    ['ticket', found.ticket],
    ['said', found.at.toISOString()],
    ['parked', found.parkedAt.toISOString()],
    ['tries', String(found.attempts)],
    ['replays', String(found.replays)],
    ['reason', found.reason],
    ...found.bubbles.map((bubble): [string, string] => [`bubble ${bubble.position + 1}`, bubbleLine(bubble)]),
    ['text', found.text],
    ['what to do', found.advice],
  ];
  return table(facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, printable(value)]])));
}

const bubbleLine = ({ what, state, startedAt, reason }: ParkedDetail['bubbles'][number]): string =>
  [`${what}, ${state}`, startedAt && `tried ${startedAt.toISOString()}`, reason].filter(Boolean).join('; ');

function addReplay(parked: Command, commands: LedgerCommands): void {
  const command = parked
    .command('replay')
    .description('do parked things again; asking twice does no harm')
    .argument('<id...>', 'ids that the list tells')
    .option('--resend-unsure', 'send a bubble anew even if the platform cannot tell whether it arrived')
    .option('--dry-run', 'tell what would be done, do nothing')
    .option('--json', 'one JSON object an id')
    .action(
      (ids: string[], { resendUnsure = false, dryRun = false, json = false }: Record<string, boolean | undefined>) =>
        commands.onLedger((operations) =>
          replayEach(
            operations,
            ids.map((id) => ({ what: { parked: id }, resendUnsure, dryRun, who: commands.who })),
            (report) => printReplay(report, json, commands.terminal),
            commands.terminal,
          ),
        ),
    );
  examples(command, 'parked replay 1234:crm:acme-salesforce', 'parked replay 1300:channel:acme-page --resend-unsure');
}

function addDiscard(parked: Command, { terminal, now, who, onLedger }: LedgerCommands): void {
  const command = parked
    .command('discard')
    .description('give parked things up for good; if it was an agent’s reply, its ticket gets a note')
    .argument('<id...>', 'ids that the list tells')
    .requiredOption('--why <reason>', 'kept beside it, and told to the agent')
    .action((ids: string[], { why }: { why: string }) =>
      onLedger(async (operations) => {
        let code: ExitCode = exitCodes.fine;
        for (const id of ids) {
          if (await discardParked(operations, { id, who, why, now: now() }))
            terminal.out(`${printable(id)}: given up.`);
          else code = notParked(id, terminal);
        }
        return code;
      }),
    );
  examples(command, 'parked discard 1234:helpdesk:acme-zendesk --why "a test message"');
}
