import type { Command } from 'commander';
import { type RedactReport, type RedactRequest, redact } from '../flows/redact.ts';
import { examples, type LedgerCommands, WrongUsage, wholeNumber } from './ledger-command.ts';
import { exitCodes } from './terminal.ts';

interface RedactOptions {
  message?: string;
  conversation?: string;
  yes?: true;
  dryRun?: true;
  json?: true;
}

export function addRedact(program: Command, { terminal, who, now, onLedger }: LedgerCommands): void {
  const command = program
    .command('redact')
    .description('remove for good what was said: here, on the ticket, in the history; cannot be undone')
    .option('--message <id>', 'one message')
    .option('--conversation <id>', 'all that was said in one conversation until now')
    .option('--yes', 'do it; without this it is only told what would be done')
    .option('--dry-run', 'tell what would be done, do nothing')
    .option('--json', 'one JSON object')
    .action((options: RedactOptions) =>
      onLedger(async (operations) => {
        const dryRun = options.dryRun === true || options.yes !== true;
        const report = await redact(operations, { what: whatOf(options), dryRun, who, now: now() });
        if (!report) {
          terminal.err('There is no such message or conversation.');
          return exitCodes.bad;
        }
        for (const line of options.json ? [JSON.stringify(report)] : linesOf(report)) terminal.out(line);
        return exitCodes.fine;
      }),
    );
  examples(command, 'redact --message 1234', 'redact --message 1234 --yes', 'redact --conversation 77 --yes --json');
}

function whatOf({ message, conversation }: RedactOptions): RedactRequest['what'] {
  if ((message === undefined) === (conversation === undefined))
    throw new WrongUsage('Say one of --message and --conversation.');
  return message === undefined
    ? { conversation: wholeNumber(conversation!, '--conversation') }
    : { message: wholeNumber(message, '--message') };
}

function linesOf({ dryRun, asked, already, messages, files, webhooks }: RedactReport): string[] {
  const before = already > 0 ? [`${already} removed before.`] : [];
  if (dryRun) return [`${asked - already} of ${asked} would be removed for good.`, ...before, 'Add --yes to do it.'];
  return [
    `${messages} removed here, with notes and late files about them; ${files} files.`,
    ...before,
    ...(webhooks > 0 ? [`${webhooks} further raw webhooks that name it emptied.`] : []),
    'The service takes them out of the ticket and the history now; what cannot be done is shown by: passerelle parked list',
  ];
}
