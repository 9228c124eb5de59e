import type { Command } from 'commander';
import { parkedShopWebhooks, settleParked } from '../store/shop-webhooks.ts';
import { examples, type LedgerCommands, wholeNumber } from './ledger-command.ts';
import { exitCodes, printable, table } from './terminal.ts';

/** Webhooks to the shop that it did not take. */
export function addShopWebhooks(program: Command, { terminal, onLedger }: LedgerCommands): void {
  const webhooks = program.command('shop-webhooks').description('webhooks that the shop did not take');
  const list = webhooks
    .command('list')
    .description('those that wait for a person, with the reason')
    .option('--limit <n>', 'at most so many', '100')
    .option('--json', 'one JSON object a line')
    .action(({ limit, json = false }: { limit: string; json?: boolean }) =>
      onLedger(async ({ db }) => {
        const parked = await parkedShopWebhooks(db, wholeNumber(limit, '--limit', 1_000));
        const head = ['ID', 'WEBHOOK', 'KIND', 'CUSTOMER', 'AT', 'WHY'];
        const rows = parked.map(({ id, hook, kind, customer, at, reason }) =>
          [String(id), hook, kind, String(customer), at.toISOString(), reason ?? ''].map(printable),
        );
        const shown = parked.length === 0 ? ['None.'] : table([head, ...rows]);
        for (const line of json ? parked.map((each) => JSON.stringify(each)) : shown) terminal.out(line);
        return exitCodes.fine;
      }),
    );
  examples(list, 'shop-webhooks list', 'shop-webhooks list --json');
  for (const [name, to, what, said] of [
    ['retry', 'waiting', 'send parked ones once more; without ids all', 'are sent once more'],
    ['discard', 'discarded', 'give parked ones up; without ids all', 'given up'],
  ] as const) {
    const command = webhooks
      .command(name)
      .description(what)
      .argument('[ids...]', 'as list prints them')
      .action((ids: string[]) =>
        onLedger(async ({ db }) => {
          const which = ids.length === 0 ? 'all' : ids.map((id) => wholeNumber(id, 'an id'));
          terminal.out(`${await settleParked(db, which, to)} ${said}.`);
          return exitCodes.fine;
        }),
      );
    examples(command, `shop-webhooks ${name}`, `shop-webhooks ${name} 17 18`);
  }
}
