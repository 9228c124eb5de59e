import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ConsoleService, makeConsole } from '../console/server/console.ts';
import type { ConsoleParts } from '../console/server/parts.ts';
import { seedConsoleUsers } from '../flows/seed-console-users.ts';
import type { Settings } from '../settings/settings.ts';

/** Where `npm run build` puts the pages. */
const builtIn = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'dist', 'console');

/** The console, with its users as the configuration names them. */
export async function openConsole(
  settings: Settings,
  parts: Omit<ConsoleParts, 'publicUrl' | 'builtIn' | 'now'>,
  now: () => Date,
): Promise<ConsoleService> {
  await seedConsoleUsers(parts.db, settings.console.admins);
  return makeConsole({ ...parts, publicUrl: settings.server.publicUrl, builtIn, now });
}
