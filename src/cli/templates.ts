import type { Command } from 'commander';
import type { Template } from '../channels/channel.ts';
import type { ChannelAccounts, ChannelCommands } from './channel-accounts.ts';
import { examples } from './ledger-command.ts';
import { type ExitCode, exitCodes, printable, type Terminal, table } from './terminal.ts';

export function addTemplates(program: Command, { terminal, onChannels }: ChannelCommands): void {
  const command = program
    .command('templates')
    .description('list the approved messages an agent can send with a comment “/template name language”')
    .argument('<account>', 'the id of an account under channels')
    .option('--json', 'one JSON object a line: name, language, text, parameters, header, usable')
    .action((id: string, { json = false }: { json?: boolean }) =>
      onChannels((channels) => templates(id, json, channels, terminal)),
    );
  examples(command, 'templates acme-number', 'templates acme-number --json');
}

async function templates(
  id: string,
  json: boolean,
  { accounts, tools }: ChannelAccounts,
  terminal: Terminal,
): Promise<ExitCode> {
  const found = accounts.find(({ account }) => account.id === id);
  if (!found?.channel.listTemplates) {
    const ids = accounts.map(({ account }) => account.id).join(', ') || 'there is none';
    const unknown = `No channel account is called ${printable(id)}. Accounts: ${ids}.`;
    terminal.err(found ? `${found.channel.label} has no templates.` : unknown);
    return exitCodes.usage;
  }
  const listed = await found.channel.listTemplates(found.account, tools);
  if (listed.result !== 'done') {
    terminal.err(`The templates of ${id} could not be read: ${printable(listed.why)}`);
    return exitCodes.bad;
  }
  for (const line of json ? listed.value.map((each) => JSON.stringify(each)) : readableLines(listed.value))
    terminal.out(line);
  return exitCodes.fine;
}

function readableLines(listed: readonly Template[]): string[] {
  if (listed.length === 0) return ['There are no templates.'];
  return table([['NAME', 'LANGUAGE', 'PARAMETERS', 'HEADER', 'USABLE'], ...listed.map(row)]);
}

const row = ({ name, language, parameters, header, usable }: Template): string[] =>
  [name, language, String(parameters), header ?? '-', usable === true ? 'yes' : `no: ${usable}`].map(printable);
