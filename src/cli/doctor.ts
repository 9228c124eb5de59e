import type { Command } from 'commander';
import type { Finding } from '../domain/finding.ts';
import type { CheckOptions, CheckReport } from '../flows/doctor/run-checks.ts';
import { examples, WrongUsage, wholeNumber } from './ledger-command.ts';
import { type ExitCode, exitCodes, printable, type Terminal } from './terminal.ts';

export interface DoctorCommands {
  terminal: Terminal;
  /** Runs all checks of the configuration; undefined when it has mistakes, which are then printed. */
  examine(options: CheckOptions): Promise<readonly CheckReport[] | undefined>;
  ended(code: ExitCode): void;
}

interface Options {
  fix: boolean;
  json: boolean;
  timeout: string;
}

export function addDoctor(program: Command, { terminal, examine, ended }: DoctorCommands): void {
  const command = program
    .command('doctor')
    .description(
      'look at everything: tokens, permissions, subscriptions, webhooks, database, disk, clock, what ends soon',
    )
    .option('--fix', 'mend what can be mended from here: subscribe again, provision, bring tables up to date', false)
    .option('--timeout <seconds>', 'what has not answered by then is told as not answering', '20')
    .option('--json', 'one JSON object a line: account, kind, ok, warning, what, why, matters, fix, mended', false)
    .action(async ({ fix, json, timeout }: Options) => {
      try {
        const timeoutMs = wholeNumber(timeout, '--timeout', 600) * 1_000;
        const reports = await examine({ timeoutMs, fix, onProgress: progressOn(terminal, json) });
        ended(reports ? printFindings(reports, json, terminal) : exitCodes.bad);
      } catch (error) {
        if (!(error instanceof WrongUsage)) throw error;
        terminal.err(error.message);
        ended(exitCodes.usage);
      }
    });
  examples(command, 'doctor', 'doctor --fix', 'doctor --json | grep \'"ok":false\'');
}

function progressOn({ interactive, err }: Terminal, json: boolean): NonNullable<CheckOptions['onProgress']> {
  if (!interactive || json) return () => undefined;
  return (done, of, { account, name }) => err(`${done} of ${of}: ${account}, ${name}`);
}

/** Prints what is well and what is not, account by account. */
function printFindings(reports: readonly CheckReport[], json: boolean, terminal: Terminal): ExitCode {
  const lines = json ? reports.flatMap(jsonLines) : readableLines(reports);
  for (const line of lines) terminal.out(line);
  return reports.every(({ findings }) => findings.every(({ ok }) => ok)) ? exitCodes.fine : exitCodes.bad;
}

const jsonLines = ({ account, kind, findings, mended }: CheckReport): string[] =>
  findings.map(({ ok, warning, what, why, matters, fix }) =>
    JSON.stringify({ account, kind, ok, warning, what, why, matters, fix, mended }),
  );

function readableLines(reports: readonly CheckReport[]): string[] {
  if (reports.length === 0) return ['Nothing to check: no accounts are configured.'];
  const byAccount = Map.groupBy(reports, ({ account, kind }) => `${account} (${kind})`);
  const lines = [...byAccount].flatMap(([title, of]) => {
    const found = of.flatMap((report) => [
      ...(report.mended ? [`  mended: ${report.mended}`] : []),
      ...report.findings.flatMap(findingLines),
    ]);
    return [title, ...(found.length > 0 ? found : ['  nothing to check'])];
  });
  return [...lines, verdict(reports.flatMap(({ findings }) => findings))];
}

function findingLines({ ok, warning, what, why, matters, fix }: Finding): string[] {
  const fine = ok && !warning;
  return [
    `  ${fine ? '✓' : ok ? '!' : '✗'} ${printable(what)}${why ? `: ${printable(why)}` : ''}`,
    ...(matters && !fine ? [`      ${printable(matters)}`] : []),
    ...(fix && !fine ? [`      → ${printable(fix)}`] : []),
  ];
}

function verdict(findings: readonly Finding[]): string {
  const wrong = findings.filter(({ ok }) => !ok).length;
  const soon = findings.filter(({ ok, warning }) => ok && warning).length;
  const toSee = soon === 0 ? '' : ` ${soon === 1 ? '1 thing is' : `${soon} things are`} worth a look.`;
  if (wrong === 0) return `All is well.${toSee}`;
  return `${wrong} ${wrong === 1 ? 'thing needs' : 'things need'} mending.${toSee}`;
}
