import { type Command, Option } from 'commander';
import { csvLine } from '../kit/csv.ts';
import { type ConsentProof, consentProofs, consentStates } from '../store/consents.ts';
import { customersMeant } from '../store/customers.ts';
import type { Database } from '../store/database.ts';
import { examples, type LedgerCommands, WrongUsage } from './ledger-command.ts';
import { exitCodes, printable, type Terminal, table } from './terminal.ts';

export function addConsents(program: Command, { terminal, onLedger }: LedgerCommands): void {
  const consents = program.command('consents').description('what customers agreed to, and how that is known');
  const who = 'a customer’s number, a platform user, an e-mail, a phone (+47…), or their id at the shop';
  const show = consents
    .command('show')
    .description('what stands for a customer, and every act that led there')
    .requiredOption('--customer <who>', who)
    .option('--json', 'one JSON object')
    .action(({ customer, json = false }: { customer: string; json?: boolean }) =>
      onLedger(async ({ db }) => {
        await printConsents(db, await oneMeant(db, customer), json, terminal);
        return exitCodes.fine;
      }),
    );
  examples(show, 'consents show --customer ida@example.com', 'consents show --customer 1234 --json');
  const out = consents
    .command('export')
    .description('every act of a customer with its proof, for whoever asks for evidence')
    .requiredOption('--customer <who>', who)
    .addOption(new Option('--format <format>', 'how it is written').choices(['json', 'csv']).default('json'))
    .action(({ customer, format }: { customer: string; format: 'json' | 'csv' }) =>
      onLedger(async ({ db }) => {
        const proofs = await consentProofs(db, await oneMeant(db, customer));
        for (const line of format === 'csv' ? csvOf(proofs) : [JSON.stringify(proofs.map(shown), null, 2)])
          terminal.out(line);
        return exitCodes.fine;
      }),
    );
  examples(
    out,
    'consents export --customer 1234 > proof.json',
    'consents export --customer 1234 --format csv > proof.csv',
  );
}

async function oneMeant(db: Database, who: string): Promise<number> {
  const [customer, ...more] = await customersMeant(db, who);
  if (customer === undefined) throw new WrongUsage(`Nobody is known as ${printable(who)}.`);
  if (more.length > 0)
    throw new WrongUsage(
      `Several customers are known as ${printable(who)}: ${[customer, ...more].join(', ')}. Say which number.`,
    );
  return customer;
}

const shown = ({ requestDigest: _, ...proof }: ConsentProof) => proof;

async function printConsents(db: Database, customer: number, json: boolean, terminal: Terminal): Promise<void> {
  const states = await consentStates(db, customer);
  const proofs = await consentProofs(db, customer);
  if (json) {
    terminal.out(JSON.stringify({ customer, states, proofs: proofs.map(shown) }));
    return;
  }
  const rows = states.map((each) => [each.channel, each.purpose, each.state, each.since.toISOString(), `${each.act}`]);
  terminal.out(`Customer ${customer}`);
  print('What stands', ['CHANNEL', 'PURPOSE', 'STATE', 'SINCE', 'BY ACT'], rows, terminal);
  const acts = proofs.map((each) => [
    ...[`${each.id}`, each.at.toISOString(), each.channel, each.purpose, each.act, each.source, each.by],
    [each.account, each.event ?? each.requestId, each.ip].filter(Boolean).join(' ') || '-',
    each.words ?? '-',
  ]);
  print('Acts', ['ACT', 'AT', 'CHANNEL', 'PURPOSE', 'WHAT', 'SOURCE', 'BY', 'FROM', 'WORDS'], acts, terminal);
}

function print(title: string, head: string[], rows: string[][], terminal: Terminal): void {
  terminal.out(`\n${title}`);
  const lines = rows.length === 0 ? ['none'] : table([head, ...rows.map((row) => row.map(printable))]);
  for (const line of lines) terminal.out(`  ${line}`);
}

const columns = [
  'id',
  'customer',
  'channel',
  'purpose',
  'act',
  'source',
  'words',
  'at',
  'recordedAt',
  'by',
  'account',
  'platformUser',
  'event',
  'requestId',
  'ip',
] as const satisfies readonly (keyof ConsentProof)[];

const csvOf = (proofs: readonly ConsentProof[]): string[] => [
  csvLine(columns),
  ...proofs.map((proof) =>
    csvLine(
      columns.map((column) =>
        proof[column] instanceof Date ? proof[column].toISOString() : String(proof[column] ?? ''),
      ),
    ),
  ),
];
