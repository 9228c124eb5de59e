import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ProgramDeps, runProgram } from './cli/program.ts';
import { atTheTerminal, processTerminal, type Terminal } from './cli/terminal.ts';
import { openOperations } from './flows/open-operations.ts';
import { campaignsOf } from './main/campaigns.ts';
import { channelApp } from './main/channel-app.ts';
import {
  accountsOf,
  ledgerPlace,
  openChannels,
  openMappingDesk,
  openPolicy,
  openVaultOf,
  reconcileFor,
  runService,
} from './main/commands.ts';
import { doctorFor } from './main/doctor.ts';
import { accountKinds, channels } from './main/kinds.ts';
import { openOrgs } from './main/orgs.ts';
import { openSetups } from './main/setups.ts';
import { readConfiguration } from './settings/configuration.ts';
import type { Environment } from './settings/fill-in.ts';
import { settingsPath } from './settings/settings.ts';

export { reconcileFor } from './main/commands.ts';
export { accountKinds } from './main/kinds.ts';
export { startService } from './main/service.ts';

/** What the command line works with. */
export function programDeps(terminal: Terminal, env: Environment): ProgramDeps {
  const home = dirname(dirname(fileURLToPath(import.meta.url)));
  return {
    terminal,
    channels: Object.fromEntries(channels),
    examplesIn: join(home, 'config'),
    usualFile: settingsPath(env, home),
    readConfiguration: (path) => readConfiguration({ path, env, kinds: accountKinds(), home }),
    start: runService,
    examine: doctorFor,
    reconcile: reconcileFor,
    openChannels,
    campaignsOf: ({ settings }) => campaignsOf(settings),
    openMappingDesk,
    openVault: openVaultOf,
    openOrgs,
    channelApp,
    openSetups,
    openPolicy,
    openOperations: ({ settings, mapping }) =>
      openOperations(ledgerPlace(settings), accountsOf(settings), () => mapping.people.joinedFields),
    who: atTheTerminal(),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // A reader that has seen enough (`passerelle explain … | head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  process.exitCode = await runProgram(process.argv.slice(2), programDeps(processTerminal, process.env));
}
