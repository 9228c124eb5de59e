import { type Command, Option } from 'commander';
import { answerQuestion } from '../flows/answer-question.ts';
import { cut } from '../flows/cut.ts';
import { joinCustomers } from '../flows/join-customers.ts';
import type { Acted } from '../flows/link-act.ts';
import type { Operations } from '../flows/operations.ts';
import { undoAct } from '../flows/undo-act.ts';
import { examples, type LedgerCommands, wholeNumber } from './ledger-command.ts';
import { addQuestions } from './links-questions.ts';
import { addShowLinks } from './links-show.ts';
import { type ExitCode, exitCodes, printable, type Terminal } from './terminal.ts';

export function addLinks(program: Command, commands: LedgerCommands): void {
  const links = program
    .command('links')
    .description('who customers are at the CRM and the helpdesk: see why, answer questions, cut and undo');
  addQuestions(links, commands);
  addShowLinks(links, commands);
  addChoose(links, commands);
  addNone(links, commands);
  addCut(links, commands);
  addJoin(links, commands);
  addUndo(links, commands);
}

const objects = new Option('--object <object>', 'what kind of record it is').choices([
  'Contact',
  'Lead',
  'PersonAccount',
]);

function addChoose(links: Command, commands: LedgerCommands): void {
  const command = links
    .command('choose')
    .description('answer a question: this record is the customer')
    .argument('<question>', 'the number of a question that the list tells')
    .argument('<record>', 'the id of one of its candidates')
    .option('--other', 'the record is none of the candidates, and meant all the same')
    .addOption(objects)
    .option('--why <reason>', 'kept beside it, and told on the tickets')
    .action((question: string, record: string, options: { other?: true; object?: 'Contact' | 'Lead'; why?: string }) =>
      act(commands, 'There is no such question.', (operations) =>
        answerQuestion(
          operations,
          wholeNumber(question, 'The question'),
          { chosen: record, other: options.other ?? false, object: options.object },
          doer(commands, options),
        ),
      ),
    );
  examples(command, 'links choose 7 0035e00000AbCdEQAV', 'links choose 7 00Q5e00000XyZzZEAV --other --object Lead');
}

function addNone(links: Command, commands: LedgerCommands): void {
  const command = links
    .command('none')
    .description('answer a question: the customer is none of the candidates; a contact is made if the mapping says so')
    .argument('<question>', 'the number of a question that the list tells')
    .option('--why <reason>', 'kept beside it, and told on the tickets')
    .action((question: string, options: { why?: string }) =>
      act(commands, 'There is no such question.', (operations) =>
        answerQuestion(operations, wholeNumber(question, 'The question'), 'none', doer(commands, options)),
      ),
    );
  examples(command, 'links none 7 --why "a customer of another brand"');
}

function addCut(links: Command, commands: LedgerCommands): void {
  const command = links
    .command('cut')
    .description('cut a wrong link: the history is taken out of that contact, tickets get a note')
    .argument('<customer>', 'the number of a customer that links show tells')
    .argument('<account>', 'the id of the CRM account, or of the helpdesk account')
    .option('--to <record>', 'the right record; without it the customer has none until somebody says')
    .addOption(objects)
    .requiredOption('--why <reason>', 'kept beside it, and told on the tickets')
    .action(
      (
        customer: string,
        at: string,
        options: { to?: string; object?: 'Contact' | 'Lead' | 'PersonAccount'; why: string },
      ) =>
        act(commands, 'There is no such customer.', (operations) => {
          const to = options.to ? { id: options.to, object: options.object ?? ('Contact' as const) } : undefined;
          const wrong = { customer: wholeNumber(customer, 'The customer'), at, to };
          return cut(operations, wrong, doer(commands, options));
        }),
    );
  examples(
    command,
    'links cut 42 acme-salesforce --why "it is her sister"',
    'links cut 42 acme-salesforce --to 0035e00000AbCdEQAV --why "it is her sister"',
  );
}

function addJoin(links: Command, commands: LedgerCommands): void {
  const command = links
    .command('join')
    .description('two customers are one person: the second becomes part of the first')
    .argument('<customer>', 'the number of the customer who stays')
    .argument('<other>', 'the number of the customer who becomes part of them')
    .option('--why <reason>', 'kept beside it, and told on the tickets')
    .action((keep: string, gone: string, options: { why?: string }) =>
      act(commands, 'There is no such customer, or they were joined with somebody already.', (operations) =>
        joinCustomers(
          operations,
          { keep: wholeNumber(keep, 'The customer'), gone: wholeNumber(gone, 'The other customer') },
          doer(commands, options),
        ),
      ),
    );
  examples(command, 'links join 42 57 --why "she told us on the phone"');
}

function addUndo(links: Command, commands: LedgerCommands): void {
  const command = links
    .command('undo')
    .description(
      'undo an act: who is who becomes as it was before it, at the CRM and on tickets too; can itself be undone',
    )
    .argument('<act>', 'the number of an act that links show tells')
    .option('--why <reason>', 'kept beside it, and told on the tickets')
    .action((id: string, options: { why?: string }) =>
      act(commands, 'There is no such act.', (operations) =>
        undoAct(operations, wholeNumber(id, 'The act'), doer(commands, options)),
      ),
    );
  examples(command, 'links undo 12');
}

const doer = ({ who, now }: LedgerCommands, { why }: { why?: string }) => ({ who, why, now: now() });

const act = (
  { terminal, onLedger }: LedgerCommands,
  unknown: string,
  work: (operations: Operations) => Promise<Acted | undefined>,
): Promise<void> => onLedger(async (operations) => told(await work(operations), unknown, terminal));

function told(acted: Acted | undefined, unknown: string, terminal: Terminal): ExitCode {
  if (acted && 'act' in acted) {
    const { act: id, corrected } = acted;
    const follows =
      corrected > 0 ? ` History and notes of ${corrected} ${corrected === 1 ? 'ticket' : 'tickets'} follow.` : '';
    terminal.out(`Done: act ${id}.${follows} To take it back: passerelle links undo ${id}`);
    return exitCodes.fine;
  }
  terminal.err(acted ? `Not done: ${printable(acted.refused)}.` : unknown);
  return exitCodes.bad;
}
