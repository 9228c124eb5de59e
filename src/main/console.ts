import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ConsoleService, makeConsole } from '../console/server/console.ts';
import type { ConsoleParts } from '../console/server/parts.ts';
import { seedConsoleUsers } from '../flows/seed-console-users.ts';
import { passwordFault } from '../kit/password.ts';
import { mappingJsonSchema } from '../settings/mapping-json-schema.ts';
import type { Settings } from '../settings/settings.ts';
import { countFigures } from '../store/figures.ts';
import { everyMs, type Told } from './every-ms.ts';
import type { Closer } from './outside.ts';
import { shownAccounts, shownSettings } from './shown-settings.ts';

/** Where `npm run build` puts the pages. */
const builtIn = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'dist', 'console');

/** The overview's figures are as old as this at most. Milliseconds. */
const figuresEvery = 10_000;

/** What of the console's parts the configuration tells. */
type Configured =
  | ('publicUrl' | 'builtIn' | 'now')
  | ('accounts' | 'settings' | 'configuredKeys' | 'policy' | 'mappingSchema' | 'oidc');

/** The console, with its users as the configuration names them. */
export async function openConsole(
  settings: Settings,
  parts: Omit<ConsoleParts, Configured>,
  now: () => Date,
  told: Told,
  closers: Closer[],
): Promise<ConsoleService> {
  const { admins } = settings.console;
  await seedConsoleUsers(parts.db, admins);
  for (const { email, password } of admins) {
    const why = passwordFault(password.reveal());
    if (why) parts.log.warn('console.weak-password', { email, why });
  }
  everyMs(told, closers, figuresEvery, 'figures', () => countFigures(parts.db, now()));
  return makeConsole({
    ...parts,
    publicUrl: settings.server.publicUrl,
    accounts: shownAccounts(settings),
    settings: shownSettings(settings),
    policy: settings.policy,
    mappingSchema: mappingJsonSchema(),
    configuredKeys: settings.api.keys.map(({ name, scopes }) => ({ name, scopes })),
    oidc: settings.console.oidc,
    builtIn,
    now,
  });
}
