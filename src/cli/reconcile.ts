import { parseDuration } from '../kit/units.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';

/** How a platform's own history compares with the ledger. */
export interface ReconcileReport {
  from: Date;
  to: Date;
  /** Messages in the platform's history. */
  seen: number;
  /** Those that were in the ledger already. */
  known: number;
  /** Those that were not, and are now. */
  recovered: number;
  /** Those the platform no longer shows. */
  missed: number;
  problem?: string | undefined;
}

export interface Reconcile {
  account: string;
  /** `2h`, `3d`… */
  since: string;
  json: boolean;
}

/** Compares a platform's history with the ledger, takes in what is missing, and prints how it went. */
export async function reconcile(
  { account, since, json }: Reconcile,
  compare: (account: string, back: number) => Promise<ReconcileReport | { cannot: string }>,
  terminal: Terminal,
): Promise<ExitCode> {
  const back = parseDuration(since);
  if (!back) {
    terminal.err(`--since ${since} is not understood; write a length of time such as 30m, 2h or 3d.`);
    return exitCodes.usage;
  }
  const report = await compare(account, back);
  if ('cannot' in report) {
    terminal.err(report.cannot);
    return exitCodes.usage;
  }
  for (const line of json ? [JSON.stringify({ account, ...report })] : readableLines(report)) terminal.out(line);
  return report.problem ? exitCodes.bad : exitCodes.fine;
}

function readableLines({ from, to, seen, known, recovered, missed, problem }: ReconcileReport): string[] {
  const between = `${from.toISOString().slice(0, 16)} and ${to.toISOString().slice(0, 16)} UTC`;
  if (problem) return [`Between ${between} the history could not be compared: ${problem}`];
  const lacking = [
    ...(recovered > 0 ? [`${recovered} recovered`] : []),
    ...(missed > 0 ? [`${missed} no longer shown by the platform; their tickets say so`] : []),
  ];
  const verdict =
    lacking.length === 0
      ? `${known} of ${seen} messages are in the ledger.`
      : `${known} of ${seen} messages were in the ledger: ${lacking.join(', ')}.`;
  return [`Between ${between}`, verdict];
}
