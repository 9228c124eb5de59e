import type { Command } from 'commander';
import type { Operations } from '../flows/operations.ts';
import { listQuestions, type Question } from '../store/questions.ts';
import { age, examples, type LedgerCommands, wholeNumber } from './ledger-command.ts';
import { type ExitCode, exitCodes, printable, type Terminal, table } from './terminal.ts';

interface ListOptions {
  target?: string;
  limit: string;
  after?: string;
  json?: true;
}

export function addQuestions(links: Command, { terminal, now, onLedger }: LedgerCommands): void {
  const command = links
    .command('questions')
    .description('list what waits for a person: customers who could be several records; the oldest first')
    .option('--target <target>', 'only for this target, such as crm:acme-salesforce')
    .option('--limit <n>', 'at most so many, up to 500', '50')
    .option('--after <question>', 'only those after this one')
    .option('--json', 'one JSON object a line')
    .action((options: ListOptions) => onLedger(({ db }) => list(db, options, terminal, now())));
  examples(command, 'links questions', 'links questions --target crm:acme-salesforce --json');
}

async function list(db: Operations['db'], options: ListOptions, terminal: Terminal, now: Date): Promise<ExitCode> {
  const after = options.after === undefined ? 0 : wholeNumber(options.after, '--after');
  const limit = wholeNumber(options.limit, '--limit', 500);
  const questions = await listQuestions(db, { target: options.target }, limit, after);
  if (options.json) for (const question of questions) terminal.out(JSON.stringify(question));
  else if (questions.length === 0) terminal.out('Nothing waits for an answer.');
  else for (const line of table([head, ...questions.flatMap((each) => rows(each, now))])) terminal.out(line);
  return exitCodes.fine;
}

const head = ['QUESTION', 'CUSTOMER', 'TARGET', 'ASKED', 'CANDIDATE', 'WHAT', 'NAME', 'E-MAIL', 'URL'];

/** A line for each candidate; what they have in common stands once. */
function rows(question: Question, now: Date): string[][] {
  const common = [String(question.id), String(question.customer), question.target, age(question.askedAt, now)];
  const candidates = question.candidates.length > 0 ? question.candidates : [{ id: `none: ${question.why}` }];
  return candidates.map((candidate, n) =>
    [
      ...(n === 0 ? common : common.map(() => '')),
      candidate.id,
      ('object' in candidate && candidate.object) || '',
      ('name' in candidate && candidate.name) || '',
      ('email' in candidate && candidate.email) || '',
      ('url' in candidate && candidate.url) || '',
    ].map(printable),
  );
}
