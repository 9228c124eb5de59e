import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { type Role, roles } from '../domain/console-role.ts';
import {
  addConsoleUser,
  changeRole,
  type Done,
  resetPassword,
  setDisabled,
  unlockUser,
} from '../flows/console-users.ts';
import { passwordFault } from '../kit/password.ts';
import { consoleUsers } from '../store/console-users.ts';
import type { Database } from '../store/database.ts';
import { examples, type LedgerCommands, WrongUsage } from './ledger-command.ts';
import { type ExitCode, exitCodes, printable, table } from './terminal.ts';

export function addUsers(program: Command, commands: LedgerCommands): void {
  const users = program.command('users').description('who may sign in to the console: add, list, reset, role, disable');
  addAdd(users, commands);
  addList(users, commands);
  addReset(users, commands);
  addRole(users, commands);
  for (const act of acts) addAct(users, commands, act);
}

const roleHelp = `what they may do: ${roles.join(', ')} (each may all that those before may)`;
const fileHelp = 'read the password from a file (- for standard input) instead of making one';

function addAdd(users: Command, commands: LedgerCommands): void {
  const command = users
    .command('add')
    .description('add a user; prints the password that was made for them, which is never shown again')
    .argument('<email>', 'their e-mail address')
    .requiredOption('--role <role>', roleHelp)
    .option('--name <name>', 'their name, as colleagues see it')
    .option('--password-file <file>', fileHelp)
    .action((email: string, { role, name, passwordFile }: { role: string; name?: string; passwordFile?: string }) =>
      commands.onLedger(async ({ db }) => {
        const { password, made } = await passwordFor(commands, passwordFile);
        const given = { email: emailOf(email), role: roleOf(role), password, who: commands.who };
        const done = await addConsoleUser(db, { ...given, ...(name !== undefined && { name }) });
        return told(commands, done, made ? password : `${printable(email)}: added.`);
      }),
    );
  examples(command, 'users add ada@acme.example --role operator --name "Ada Lovelace"');
}

function addList(users: Command, { terminal, onLedger }: LedgerCommands): void {
  users
    .command('list')
    .description('list the users of the console')
    .option('--json', 'one JSON object a line')
    .action(({ json = false }: { json?: boolean }) =>
      onLedger(async ({ db }) => {
        const found = (await consoleUsers(db)).map(({ email, name, role, source, disabled_at, signed_in_at }) => ({
          ...{ email, name, role, source, disabledAt: disabled_at, signedInAt: signed_in_at },
        }));
        const rows = found.map((user) => [
          printable(user.email),
          user.role,
          user.disabledAt ? 'disabled' : 'in use',
          user.source,
          user.signedInAt?.toISOString() ?? 'never',
          printable(user.name ?? ''),
        ]);
        const lines = json
          ? found.map((user) => JSON.stringify(user))
          : table([['EMAIL', 'ROLE', 'STATE', 'FROM', 'LAST SIGNED IN', 'NAME'], ...rows]);
        for (const line of lines) terminal.out(line);
        return exitCodes.fine;
      }),
    );
}

function addReset(users: Command, commands: LedgerCommands): void {
  const command = users
    .command('reset')
    .description('give a new password, end the sessions, lift a lock; prints the password, which is never shown again')
    .argument('<email>', 'the e-mail address of the user')
    .option('--password-file <file>', fileHelp)
    .action((email: string, { passwordFile }: { passwordFile?: string }) =>
      commands.onLedger(async ({ db }) => {
        const { password, made } = await passwordFor(commands, passwordFile);
        const done = await resetPassword(db, email, password, commands.who);
        return told(commands, done, made ? password : `${printable(email)}: the password is changed.`);
      }),
    );
  examples(command, 'users reset ada@acme.example');
}

function addRole(users: Command, commands: LedgerCommands): void {
  const command = users
    .command('role')
    .description('change what a user may do; it holds from their next click on')
    .argument('<email>', 'the e-mail address of the user')
    .argument('<role>', roleHelp)
    .action((email: string, role: string) =>
      commands.onLedger(async ({ db }) =>
        told(commands, await changeRole(db, email, roleOf(role), commands.who), `${printable(email)}: ${role}.`),
      ),
    );
  examples(command, 'users role ada@acme.example admin');
}

interface Act {
  name: string;
  about: string;
  said: string;
  run(db: Database, email: string, who: string): Promise<Done>;
}

/** What takes no more than a user's address. */
const acts: readonly Act[] = [
  {
    name: 'unlock',
    about: 'let a user try again who was locked out after wrong passwords',
    said: 'may try again',
    run: unlockUser,
  },
  {
    name: 'disable',
    about: 'keep a user out: ends their sessions, and they cannot sign in',
    said: 'disabled',
    run: (db, email, who) => setDisabled(db, email, true, who),
  },
  {
    name: 'enable',
    about: 'let a disabled user in again',
    said: 'enabled',
    run: (db, email, who) => setDisabled(db, email, false, who),
  },
];

function addAct(users: Command, commands: LedgerCommands, { name, about, said, run }: Act): void {
  const command = users
    .command(name)
    .description(about)
    .argument('<email>', 'the e-mail address of the user')
    .action((email: string) =>
      commands.onLedger(async ({ db }) =>
        told(commands, await run(db, email, commands.who), `${printable(email)}: ${said}.`),
      ),
    );
  examples(command, `users ${name} ada@acme.example`);
}

function told({ terminal }: LedgerCommands, done: Done, words: string): ExitCode {
  if (done === 'done') terminal.out(words);
  else terminal.err(printable(done.cannot));
  return done === 'done' ? exitCodes.fine : exitCodes.bad;
}

function roleOf(text: string): Role {
  const role = roles.find((known) => known === text);
  if (!role) throw new WrongUsage(`There is no role ${printable(text)}; there is ${roles.join(', ')}.`);
  return role;
}

function emailOf(text: string): string {
  if (!/^[^@\s]+@[^@\s]+$/.test(text)) throw new WrongUsage(`${printable(text)} is no e-mail address.`);
  return text;
}

/** One that was made is printed, one that was given is not. */
async function passwordFor(
  { terminal }: LedgerCommands,
  file: string | undefined,
): Promise<{ password: string; made: boolean }> {
  if (file === undefined) return { password: randomBytes(15).toString('base64url'), made: true };
  const read = await terminal.read(file).catch((error: Error) => {
    throw new WrongUsage(`The password cannot be read: ${error.message}`);
  });
  const password = read.toString('utf8').replace(/\r?\n$/, '');
  const fault = passwordFault(password);
  if (fault) throw new WrongUsage(`The password is ${fault}.`);
  return { password, made: false };
}
