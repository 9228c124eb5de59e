import type { Command } from 'commander';
import type { Operations } from '../flows/operations.ts';
import { type ReplayReport, type ReplayRequest, type ReplayWhat, replay } from '../flows/replay.ts';
import { examples, type LedgerCommands, timeOf, WrongUsage, wholeNumber } from './ledger-command.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';

interface ReplayOptions {
  message?: string;
  conversation?: string;
  account?: string;
  platformUser?: string;
  since?: string;
  until?: string;
  target?: string;
  resendUnsure?: true;
  dryRun?: true;
  json?: true;
}

export function addReplay(program: Command, { terminal, who, now, onLedger }: LedgerCommands): void {
  const command = program
    .command('replay')
    .description('do again what is not done of a message, a conversation or a time; never doubles anything')
    .option('--message <id>', 'one message')
    .option('--conversation <id>', 'one conversation')
    .option('--account <id>', 'with --platform-user: the conversation of that customer')
    .option('--platform-user <id>', 'the customer as the platform names them')
    .option('--since <time>', 'what was taken in since: 2026-01-31T09:00Z, or how long ago: 2h, 7d')
    .option('--until <time>', 'and before this time; without it: until now')
    .option('--target <target>', 'only for this target, such as crm:acme-salesforce')
    .option('--resend-unsure', 'send a bubble anew even if the platform cannot tell whether it arrived')
    .option('--dry-run', 'tell what would be done, do nothing')
    .option('--json', 'one JSON object')
    .action((options: ReplayOptions) =>
      onLedger((operations) => {
        const { target, resendUnsure = false, dryRun = false, json = false } = options;
        const request = { what: whatOf(options, now()), target, resendUnsure, dryRun, who };
        return replayEach(operations, [request], (report) => printReplay(report, json, terminal), terminal);
      }),
    );
  examples(
    command,
    'replay --message 1234',
    'replay --account acme-page --platform-user 7712 --dry-run',
    'replay --since 2h --target crm:acme-salesforce',
  );
}

function whatOf(options: ReplayOptions, now: Date): ReplayWhat {
  const { message, conversation, account, platformUser, since, until } = options;
  const given = [message, conversation, account ?? platformUser, since ?? until].filter((each) => each !== undefined);
  if (given.length !== 1)
    throw new WrongUsage('Say one of --message, --conversation, --account with --platform-user, or --since.');
  if (message !== undefined) return { message: wholeNumber(message, '--message') };
  if (conversation !== undefined) return { conversation: wholeNumber(conversation, '--conversation') };
  if (account !== undefined && platformUser !== undefined) return { account, platformUser };
  if (since === undefined) throw new WrongUsage('--account needs --platform-user, and --until needs --since.');
  return { since: timeOf(since, now), until: until === undefined ? now : timeOf(until, now) };
}

/** One after the other; what there is not makes the exit code 1. */
export async function replayEach(
  operations: Operations,
  requests: readonly ReplayRequest[],
  print: (report: ReplayReport) => void,
  terminal: Terminal,
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.fine;
  for (const request of requests) {
    const report = await replay(operations, request);
    if (report) print(report);
    else {
      terminal.err('There is no such message, conversation or parked thing.');
      code = exitCodes.bad;
    }
  }
  return code;
}

export function printReplay(report: ReplayReport, json: boolean, terminal: Terminal): void {
  if (json) terminal.out(JSON.stringify(report));
  else for (const line of replayLines(report)) terminal.out(line);
}

function replayLines({ dryRun, replayed, ids, events, unsure, waiting, settled }: ReplayReport): string[] {
  const does = dryRun ? 'would be' : replayed + events === 1 ? 'is' : 'are';
  return [
    `${replayed + events} parked ${does} done again.`,
    ...ids.map((id) => `  ${id}`),
    ...(replayed > ids.length ? [`  and ${replayed - ids.length} more`] : []),
    ...(unsure > 0 ? [`${unsure} of unknown fate ${dryRun ? 'would be' : 'is'} looked up first.`] : []),
    ...(waiting > 0 ? [`${waiting} that wait already ${dryRun ? 'would be' : 'were'} woken.`] : []),
    ...(settled ? [`${settled} done or skipped already, and left alone.`] : []),
  ];
}
