import type { Command } from 'commander';
import { makeApiKey } from '../flows/make-api-key.ts';
import { type ApiScope, apiScopes } from '../kit/api-scopes.ts';
import { apiKeys, revokeApiKey } from '../store/api-keys.ts';
import { audited } from '../store/audit.ts';
import { examples, type LedgerCommands, WrongUsage } from './ledger-command.ts';
import { exitCodes, printable, table } from './terminal.ts';

export function addKeys(program: Command, commands: LedgerCommands): void {
  const keys = program.command('keys').description('keys of the API: make, list, revoke');
  addCreate(keys, commands);
  addList(keys, commands);
  addRevoke(keys, commands);
}

function addCreate(keys: Command, { terminal, who, onLedger }: LedgerCommands): void {
  const command = keys
    .command('create')
    .description('make a key and print it; it is never shown again')
    .requiredOption('--name <name>', 'what it is for, such as shop')
    .requiredOption('--scopes <scopes>', `what it may do, with commas between: ${apiScopes.join(', ')}`)
    .action(({ name, scopes }: { name: string; scopes: string }) =>
      onLedger(async ({ db }) => {
        const key = await makeApiKey(db, { name, scopes: scopesOf(scopes), who });
        if (key === undefined) {
          terminal.err(`There is a key called ${printable(name)} already; revoke it first.`);
          return exitCodes.bad;
        }
        terminal.out(key);
        return exitCodes.fine;
      }),
    );
  examples(command, 'keys create --name console --scopes parked:read,parked:write,replay');
}

function scopesOf(text: string): ApiScope[] {
  return text.split(',').map((each) => {
    const scope = apiScopes.find((known) => known === each.trim());
    if (!scope) throw new WrongUsage(`There is no scope ${printable(each)}; there is ${apiScopes.join(', ')}.`);
    return scope;
  });
}

function addList(keys: Command, { terminal, onLedger }: LedgerCommands): void {
  keys
    .command('list')
    .description('list the keys made here, used and revoked; those of the configuration stand there')
    .option('--json', 'one JSON object a line')
    .action(({ json = false }: { json?: boolean }) =>
      onLedger(async ({ db }) => {
        const found = await apiKeys(db);
        const rows = found.map((key) => [
          printable(key.name),
          `${key.prefix}…`,
          key.revokedAt ? 'revoked' : 'in use',
          key.createdAt.toISOString().slice(0, 10),
          key.lastUsedAt?.toISOString() ?? 'never',
          key.scopes.join(', '),
        ]);
        const lines = json
          ? found.map((key) => JSON.stringify(key))
          : table([['NAME', 'BEGINS', 'STATE', 'MADE', 'LAST USED', 'SCOPES'], ...rows]);
        for (const line of lines) terminal.out(line);
        return exitCodes.fine;
      }),
    );
}

function addRevoke(keys: Command, { terminal, who, onLedger }: LedgerCommands): void {
  keys
    .command('revoke')
    .description('end a key; it is refused from the next request on')
    .argument('<name>', 'the name it was made with')
    .action((name: string) =>
      onLedger(async ({ db }) => {
        const revoked = await db.transaction().execute(async (tx) => {
          const ended = await revokeApiKey(tx, name);
          if (ended) await audited(tx, { who, what: 'key-revoked', subject: name });
          return ended;
        });
        if (revoked) terminal.out(`${printable(name)}: revoked.`);
        else terminal.err(`There is no key in use called ${printable(name)}.`);
        return revoked ? exitCodes.fine : exitCodes.bad;
      }),
    );
}
