import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Receipt, receiptOf, retryErasure } from '../flows/erasure-receipt.ts';
import { exportCustomer } from '../flows/export-customer.ts';
import { findCustomer, type WhoIsMeant } from '../flows/find-customer.ts';
import { forgetCustomer } from '../flows/forget-customer.ts';
import type { Operations } from '../flows/operations.ts';
import { proofsOf } from '../store/consent-proofs.ts';
import { listErasures } from '../store/erasures.ts';
import type { Vault } from '../store/vault.ts';
import { examples, type LedgerCommands, WrongUsage, wholeNumber } from './ledger-command.ts';
import { exitCodes, printable, type Terminal, table } from './terminal.ts';

export interface PrivacyCommands extends LedgerCommands {
  /** The vault of the configuration, to write copies of files to a folder. */
  openVault(): Promise<Vault>;
}

interface Who {
  customer?: string;
  account?: string;
  user?: string;
  email?: string;
  phone?: string;
  shopCustomer?: string;
}

/** A customer's copy of everything, and being forgotten. */
export function addPrivacy(program: Command, commands: PrivacyCommands): void {
  addExport(program, commands);
  addErase(program, commands);
  addErasures(program, commands);
}

const naming = (command: Command): Command =>
  command
    .option('--customer <id>', 'by number, as customer show prints it')
    .option('--account <id>', 'with --user: the channel account')
    .option('--user <id>', 'as the platform of --account names them')
    .option('--email <address>', 'by an e-mail that is known of them')
    .option('--phone <number>', 'by a phone that is known of them: +47…')
    .option('--shop-customer <id>', 'by their id at the shop');

function whoOf({ customer, account, user, email, phone, shopCustomer }: Who): WhoIsMeant {
  const ways: (WhoIsMeant | undefined)[] = [
    customer === undefined ? undefined : { customer: wholeNumber(customer, '--customer') },
    account === undefined || user === undefined ? undefined : { account, platformUser: user },
    email === undefined ? undefined : { email },
    phone === undefined ? undefined : { phone },
    shopCustomer === undefined ? undefined : { shopCustomer },
  ];
  const [way, ...others] = ways.filter((each) => each !== undefined);
  if (way === undefined || others.length > 0 || (account === undefined) !== (user === undefined))
    throw new WrongUsage('Say one of --customer, --account with --user, --email, --phone, --shop-customer.');
  return way;
}

/** Undefined when there is nobody or there are several, which is then said. */
async function found(db: Operations['db'], who: Who, terminal: Terminal): Promise<number | undefined> {
  const one = await findCustomer(db, whoOf(who));
  if (one === 'nobody') terminal.err('Nobody is known by that.');
  else if ('several' in one)
    terminal.err(`That may be any of customers ${one.several.join(', ')}: say which, by --customer.`);
  else return one.customer;
  return undefined;
}

function addExport(program: Command, { terminal, who, now, onLedger, openVault }: PrivacyCommands): void {
  const command = naming(
    program
      .command('export-customer')
      .description('print everything that is kept of a customer, as JSON')
      .option('--out <file>', 'write it there instead')
      .option('--files <folder>', 'write copies of the files they sent there as well'),
  ).action((options: Who & { out?: string; files?: string }) =>
    onLedger(async (operations) => {
      const customer = await found(operations.db, options, terminal);
      const exported = customer === undefined ? undefined : await exportCustomer(operations, customer, who, now());
      if (!exported) return exitCodes.bad;
      const text = JSON.stringify(exported.export, null, 2);
      if (options.out) await writeFile(options.out, `${text}\n`, { mode: 0o600 });
      else terminal.out(text);
      if (!options.files) return exitCodes.fine;
      await mkdir(options.files, { recursive: true, mode: 0o700 });
      const vault = await openVault();
      for (const [file, { key, bytes }] of exported.copies) {
        const path = join(options.files, file);
        const lent = await vault.lend(key, bytes, (content) => writeFile(path, content, { mode: 0o600 }));
        if (lent === 'gone') terminal.err(`The copy of ${file} is no longer there.`);
      }
      return exitCodes.fine;
    }),
  );
  examples(
    command,
    'export-customer --customer 1234 --out ida.json --files ida',
    'export-customer --email ida@example.com',
    'export-customer --account acme-page --user 7712004518231',
  );
}

function addErase(program: Command, { terminal, who, onLedger }: PrivacyCommands): void {
  const command = naming(
    program
      .command('erase-customer')
      .description('forget a customer everywhere: here, in the vault, the helpdesk and the CRM; cannot be undone')
      .option('--yes', 'do it; without this it is only told who is meant')
      .option('--json', 'one JSON object'),
  ).action((options: Who & { yes?: true; json?: true }) =>
    onLedger(async (operations) => {
      const customer = await found(operations.db, options, terminal);
      if (customer === undefined) return exitCodes.bad;
      if (!options.yes) {
        terminal.out(options.json ? JSON.stringify({ customer }) : `Customer ${customer} would be forgotten for good.`);
        if (!options.json) terminal.out(`See who that is: passerelle customer show ${customer}. Add --yes to do it.`);
        return exitCodes.fine;
      }
      const erasure = await forgetCustomer(operations, { customer, who });
      if (!erasure) return exitCodes.bad;
      if (options.json) terminal.out(JSON.stringify({ customer, code: erasure.code }));
      else {
        terminal.out(`Customer ${customer} is forgotten here. The service does the rest now.`);
        terminal.out(`The receipt: passerelle erasures show ${erasure.code}`);
      }
      return exitCodes.fine;
    }),
  );
  examples(command, 'erase-customer --customer 1234', 'erase-customer --email ida@example.com --yes');
}

function addErasures(program: Command, { terminal, onLedger }: PrivacyCommands): void {
  const erasures = program.command('erasures').description('who was forgotten, and what was done where');
  const list = erasures
    .command('list')
    .description('the latest erasures')
    .option('--limit <n>', 'at most so many', '50')
    .action(({ limit }: { limit: string }) =>
      onLedger(async ({ db }) => {
        const all = await listErasures(db, wholeNumber(limit, '--limit', 1_000));
        const rows = all.map(({ code, customer, askedBy, askedAt, state }) => [
          code,
          customer === undefined ? '-' : String(customer),
          printable(askedBy),
          askedAt.toISOString(),
          state,
        ]);
        const head = ['CODE', 'CUSTOMER', 'ASKED BY', 'ASKED AT', 'STATE'];
        for (const line of rows.length === 0 ? ['Nobody was.'] : table([head, ...rows])) terminal.out(line);
        return exitCodes.fine;
      }),
    );
  examples(list, 'erasures list');
  addShow(erasures, terminal, onLedger);
  addProof(erasures, terminal, onLedger);
  const retry = erasures
    .command('retry')
    .description('try refused steps once more')
    .argument('<code>', 'as erase-customer told it')
    .action((code: string) =>
      onLedger(async (operations) => {
        const retried = await retryErasure(operations, code);
        if (retried === undefined) terminal.err('There is no erasure with this code.');
        else terminal.out(`${retried} steps are tried once more.`);
        return retried === undefined ? exitCodes.bad : exitCodes.fine;
      }),
    );
  examples(retry, 'erasures retry 7KQ2M9XWPLR4TBCD');
}

function addShow(erasures: Command, terminal: Terminal, onLedger: LedgerCommands['onLedger']): void {
  const show = erasures
    .command('show')
    .description('the receipt: what was done where and when, what was refused and why')
    .argument('<code>', 'as erase-customer told it')
    .option('--json', 'one JSON object')
    .action((code: string, { json = false }: { json?: boolean }) =>
      onLedger(async ({ db }) => {
        const receipt = await receiptOf(db, code);
        if (!receipt) {
          terminal.err('There is no erasure with this code.');
          return exitCodes.bad;
        }
        for (const line of json ? [JSON.stringify(receipt)] : linesOf(receipt)) terminal.out(line);
        return receipt.state === 'incomplete' ? exitCodes.bad : exitCodes.fine;
      }),
    );
  examples(show, 'erasures show 7KQ2M9XWPLR4TBCD', 'erasures show 7KQ2M9XWPLR4TBCD --json');
}

function addProof(erasures: Command, terminal: Terminal, onLedger: LedgerCommands['onLedger']): void {
  const proof = erasures
    .command('proof')
    .description('what somebody who was forgotten had agreed to, for when they ask')
    .argument('<who>', 'as they name themselves: an e-mail, a phone (+47…), their id at the shop or on a platform')
    .option('--json', 'one JSON object a line')
    .action((who: string, { json = false }: { json?: boolean }) =>
      onLedger(async ({ db }) => {
        const kept = await proofsOf(db, who);
        const rows = kept.map(({ at, act, purpose, channel, source, words }) =>
          [at.toISOString(), act, purpose, channel, source, words ?? ''].map(printable),
        );
        const shown = table([['AT', 'ACT', 'PURPOSE', 'CHANNEL', 'BY WAY OF', 'WORDS'], ...rows]);
        if (kept.length === 0) terminal.err('Nothing is kept under that.');
        else for (const line of json ? kept.map((each) => JSON.stringify(each)) : shown) terminal.out(line);
        return kept.length === 0 ? exitCodes.bad : exitCodes.fine;
      }),
    );
  examples(proof, 'erasures proof ida@example.com', 'erasures proof +4790000000 --json');
}

function linesOf({ code, customer, askedBy, askedAt, state, steps }: Receipt): string[] {
  const rows = steps.map((step) => [
    step.place,
    step.what,
    step.state,
    String(step.count),
    step.endedAt?.toISOString() ?? '-',
    printable(step.reason ?? ''),
  ]);
  return [
    `${code}: customer ${customer ?? '-'}, asked by ${printable(askedBy)} at ${askedAt.toISOString()}: ${state}`,
    ...table([['PLACE', 'WHAT', 'STATE', 'REMOVED', 'AT', ''], ...rows]),
    ...(state === 'incomplete' ? [`When what was refused is put right: passerelle erasures retry ${code}`] : []),
  ];
}
