import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { examples } from './ledger-command.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';

/** The app of a helpdesk, zipped; `cannot` says why there is none. */
export type ChannelApp = { zip: Uint8Array } | { cannot: string };

export interface ChannelAppCommands {
  terminal: Terminal;
  /** Undefined when the configuration is wrong, which has been told. */
  appOf(helpdesk: string): ChannelApp | undefined;
  ended(code: ExitCode): void;
}

/** `passerelle channel-app <helpdesk> <file>`: what an administrator uploads to Zendesk for `mode: channel`. */
export function addChannelApp(program: Command, { terminal, appOf, ended }: ChannelAppCommands): void {
  const command = program
    .command('channel-app')
    .description('write the app that installs the Channel framework integration, for mode: channel at Zendesk')
    .argument('<helpdesk>', 'the id of an account under helpdesks')
    .argument('<file>', 'where to write the zip; only you can read it, for it holds a secret address')
    .action(async (helpdesk: string, file: string) => {
      const app = appOf(helpdesk);
      ended(app ? await write(app, file, terminal) : exitCodes.bad);
    });
  examples(command, 'channel-app acme-zendesk passerelle-app.zip');
}

async function write(app: ChannelApp, file: string, terminal: Terminal): Promise<ExitCode> {
  if ('cannot' in app) {
    terminal.err(`There is no app to write: ${app.cannot}.`);
    return exitCodes.bad;
  }
  await writeFile(file, app.zip, { mode: 0o600 });
  terminal.out(
    `${file} holds the app. An administrator uploads it as a private app: Admin Center, Apps and integrations,`,
  );
  terminal.out(
    'Zendesk Support apps, Upload private app. Then add an account under Channel apps. Delete the file afterwards.',
  );
  return exitCodes.fine;
}
