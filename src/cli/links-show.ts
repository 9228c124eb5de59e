import type { Command } from 'commander';
import type { Operations } from '../flows/operations.ts';
import type { LinkAct } from '../store/link-acts.ts';
import { customersMeant, type WhoIs, whoIs } from '../store/who-is.ts';
import { examples, type LedgerCommands, WrongUsage } from './ledger-command.ts';
import { type ExitCode, exitCodes, printable, type Terminal, table } from './terminal.ts';

export function addShowLinks(links: Command, { terminal, onLedger }: LedgerCommands): void {
  const command = links
    .command('show')
    .description('tell who a customer is, how that is known, and what people decided about it')
    .argument(
      '<customer>',
      'its number; or conversation:12, ticket:3501, contact:0035e…, user:7712… as the platform says',
    )
    .option('--json', 'one JSON object a customer')
    .action((meant: string, { json = false }: { json?: boolean }) =>
      onLedger(({ db }) => show(db, meant, json, terminal)),
    );
  examples(command, 'links show 42', 'links show contact:0035e00000AbCdEQAV --json');
}

async function show(db: Operations['db'], meant: string, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const customers = /^\d{1,15}$/.test(meant) ? [Number(meant)] : await customersMeant(db, meant);
  if (!customers)
    throw new WrongUsage(
      `${meant} names no customer: write a number, or conversation:12, ticket:3501, contact:003…, user:77….`,
    );
  const found = (await Promise.all(customers.map((customer) => whoIs(db, customer)))).flatMap((each) => each ?? []);
  if (found.length === 0) {
    terminal.err(`There is no customer ${printable(meant)}.`);
    return exitCodes.bad;
  }
  for (const customer of found)
    for (const line of json ? [JSON.stringify(customer)] : linesOf(customer)) terminal.out(line);
  return exitCodes.fine;
}

function linesOf({ customer, name, joinedWith, users, facts, links, questions, acts }: WhoIs): string[] {
  const rows: [string, string | undefined][] = [
    ['customer', String(customer)],
    ['name', name],
    ['joined with', joinedWith === undefined ? undefined : `customer ${joinedWith}`],
    ...users.map((user): [string, string] => [
      'writes as',
      `${user.account} ${user.platformUser} (${user.evidence})${user.person ? `, at the helpdesk ${user.person}` : ''}`,
    ]),
    ...facts.map((fact): [string, string] => [
      fact.kind,
      `${fact.value} (${fact.evidence}, by ${fact.by}, ${day(fact.at)}${fact.withdrawn ? ', withdrawn' : ''})`,
    ]),
    ...links.map(({ crm, link }): [string, string] => [crm, linkLine(link)]),
    ...questions.map((question): [string, string] => [
      `question ${question.id}`,
      `${question.target}: ${question.why}`,
    ]),
    ...acts.map((act): [string, string] => [`act ${act.id}`, actLine(act)]),
  ];
  return table(rows.flatMap(([title, text]) => (text === undefined ? [] : [[title, printable(text)]])));
}

const day = (at: Date): string => at.toISOString().slice(0, 10);

function linkLine(link: WhoIs['links'][number]['link']): string {
  const since = link.linkedAt ? `, since ${day(link.linkedAt)}` : '';
  const how = `${link.evidence}${link.strength ? `; evidence: ${link.strength}` : ''}${since}`;
  if (link.state === 'linked')
    return `${link.contact.object} ${link.contact.id}${link.contact.name ? ` ${link.contact.name}` : ''} (${how})`;
  return link.state === 'none'
    ? `none (${how})`
    : `could be ${link.candidates.map(({ id }) => id).join(', ')} (${how})`;
}

function actLine({ at, what, who, target, why, undoneBy, undoes }: LinkAct): string {
  const parts = [
    `${what}${undoes === undefined ? '' : ` ${undoes}`}`,
    target,
    `by ${who}`,
    day(at),
    why,
    undoneBy === undefined ? undefined : `undone by act ${undoneBy}`,
  ];
  return parts.filter(Boolean).join(', ');
}
