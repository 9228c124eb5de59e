import type { Command } from 'commander';
import type { Operations } from '../flows/operations.ts';
import { type CustomerRecord, customerRecord, customersMeant } from '../store/customers.ts';
import { factsOf, type KeptFact } from '../store/facts.ts';
import { type Identity, identitiesOf } from '../store/identities.ts';
import { examples, type LedgerCommands } from './ledger-command.ts';
import { exitCodes, printable, type Terminal, table } from './terminal.ts';

export function addCustomer(program: Command, { terminal, onLedger }: LedgerCommands): void {
  const customer = program.command('customer').description('who a customer is, and how that is known');
  const command = customer
    .command('show')
    .description('print who they are, every fact with its evidence, who they are on which platform, and their contacts')
    .argument('<who>', 'a customer’s number, a platform user, an e-mail, a phone (+47…), or their id at the shop')
    .option('--account <id>', 'only platform users of this channel account')
    .option('--json', 'one JSON object for each customer')
    .action((who: string, { account, json = false }: { account?: string; json?: boolean }) =>
      onLedger(async ({ db }) => {
        const meant = await customersMeant(db, who, account);
        if (meant.length === 0) {
          terminal.err(`Nobody is known as ${printable(who)}.`);
          return exitCodes.bad;
        }
        for (const id of meant) print(await described(db, id), json, terminal);
        return exitCodes.fine;
      }),
    );
  examples(
    command,
    'customer show 1234',
    'customer show 7712004518231 --account acme-page',
    'customer show ida@example.com',
  );
}

interface Described extends CustomerRecord {
  facts: KeptFact[];
  identities: Identity[];
}

const described = async (db: Operations['db'], id: number): Promise<Described> => ({
  ...(await customerRecord(db, id))!,
  facts: await factsOf(db, id),
  identities: await identitiesOf(db, id),
});

function print(customer: Described, json: boolean, terminal: Terminal): void {
  if (json) {
    terminal.out(JSON.stringify(customer));
    return;
  }
  const { id, name, locale, since } = customer;
  const about = [name ?? 'no name known', locale, `known since ${day(since)}`].filter((each) => each !== undefined);
  terminal.out(`Customer ${id}: ${about.map(printable).join(', ')}`);
  section('Facts', ['KIND', 'VALUE', 'EVIDENCE', 'BY', 'TOLD', 'FROM', ''], customer.facts.map(factRow), terminal);
  const who = ['ACCOUNT', 'PLATFORM USER', 'EVIDENCE', 'BY', 'SINCE', 'FROM', 'LAST WROTE', 'AT THE HELPDESK'];
  section('On the platforms', who, customer.identities.map(identityRow(customer)), terminal);
  section('Contacts', ['CRM', 'STATE', 'CONTACT', 'WHY', 'LOOKED AT'], customer.contacts.map(contactRow), terminal);
}

function section(title: string, head: string[], rows: string[][], terminal: Terminal): void {
  terminal.out(`\n${title}`);
  const lines = rows.length === 0 ? ['none'] : table([head, ...rows.map((row) => row.map(printable))]);
  for (const line of lines) terminal.out(`  ${line}`);
}

const factRow = ({ kind, value, evidence, by, at, source, withdrawn }: KeptFact): string[] => [
  kind,
  value,
  evidence,
  by,
  at.toISOString(),
  sourceOf(source),
  withdrawn ? `withdrawn ${withdrawn.at.toISOString()} by ${withdrawn.by}: ${withdrawn.why}` : '',
];

const sourceOf = ({ account, event }: { account?: string; event?: string }): string =>
  [account, event].filter((each) => each !== undefined).join(' ') || '-';

const identityRow =
  ({ conversations }: Described) =>
  ({ account, platformUser, evidence, by, event, at }: Identity): string[] => {
    const talk = conversations.find((each) => each.account === account && each.platformUser === platformUser);
    return [
      account,
      platformUser,
      evidence,
      by ?? '-',
      at.toISOString(),
      event ?? '-',
      talk?.lastWrote?.toISOString() ?? '-',
      talk?.person ?? '-',
    ];
  };

const contactRow = ({
  crm,
  state,
  contact,
  evidence,
  candidates,
  at,
}: CustomerRecord['contacts'][number]): string[] => [
  crm,
  state,
  contact ?? (candidatesIn(candidates) || '-'),
  evidence,
  at.toISOString(),
];

const candidatesIn = (candidates: unknown): string =>
  (Array.isArray(candidates) ? candidates : [])
    .map((each: { id?: string; name?: string }) => [each.name, each.id].filter(Boolean).join(' '))
    .join(', ');

const day = (at: Date): string => at.toISOString().slice(0, 10);
