import type { Command } from 'commander';
import { auditEntries } from '../store/audit.ts';
import { examples, type LedgerCommands, wholeNumber } from './ledger-command.ts';
import { exitCodes, printable, table } from './terminal.ts';

export function addAudit(program: Command, { terminal, onLedger }: LedgerCommands): void {
  const command = program
    .command('audit')
    .description('who did what: replays, what was given up, keys')
    .command('list')
    .description('list the latest, newest first')
    .option('--limit <n>', 'at most so many, up to 1000', '50')
    .option('--json', 'one JSON object a line')
    .action(({ limit, json = false }: { limit: string; json?: boolean }) =>
      onLedger(async ({ db }) => {
        const entries = await auditEntries(db, wholeNumber(limit, '--limit', 1_000));
        const rows = entries.map(({ at, who, what, subject, detail }) =>
          [at.toISOString(), who, what, subject, JSON.stringify(detail)].map(printable),
        );
        const lines = json
          ? entries.map((entry) => JSON.stringify(entry))
          : table([['AT', 'WHO', 'WHAT', 'ON', 'DETAIL'], ...rows]);
        for (const line of lines) terminal.out(line);
        return exitCodes.fine;
      }),
    );
  examples(command, 'audit list --limit 20');
}
