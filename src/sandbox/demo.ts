import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { consoleAdmin } from './demo/account-data.ts';
import { settle } from './demo/customers.ts';
import { freePort } from './demo/free-port.ts';
import { startDemoServer } from './demo/server.ts';
import { startWorld, type World } from './demo/world.ts';
import { playDay } from './script/play-day.ts';

const root = join(import.meta.dirname, '../..');
const usualFolder = join(root, 'data/demo');
const say = (line: string): void => console.log(line);

const usage = new Command('npm run demo --')
  .description('The whole service against simulators of all the platforms, on a page that is shown until Ctrl-C.')
  .option('--script', 'play a day without a browser; exits 1 if anything is not as promised', false)
  .addHelpText('after', '\nPORT_DEMO says on which port the page is (8090, or the next that is free).')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

async function main(): Promise<number> {
  const { script: scripted } = usage.parse().opts<{ script: boolean }>();
  const stopping = stopSignal();
  const folder = await demoFolder();
  const world = await Promise.race([startWorld({ root, folder, say, unlimited: scripted }), stopping]);
  // The service that is still starting is ended by the handler for our own exit.
  if (typeof world === 'number') return world;
  try {
    const ended = scripted ? playDay(world, say) : showPage(world);
    return await Promise.race([ended, stopping]);
  } finally {
    say('Stopping');
    await world.stop();
    if (folder !== usualFolder) await rm(folder, { recursive: true, force: true });
  }
}

async function showPage(world: World): Promise<number> {
  settle(world);
  const server = await startDemoServer(world, await freePort(Number(process.env['PORT_DEMO'] ?? 8090)));
  say(`\nThe demo is at ${server.url}`);
  say(`The console is at ${world.service.url}/console: sign in as ${consoleAdmin.email} with ${consoleAdmin.password}`);
  say(`The app beside a Zendesk ticket is at ${server.url}/agent-app/`);
  say('Ctrl-C stops it.');
  return await new Promise<number>(() => {});
}

/** Resolves to the exit code when somebody wants us to end; asked again more than a second later, we end at once. */
function stopSignal(): Promise<number> {
  let first: number | undefined;
  return new Promise((resolve) => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 0],
    ] as const) {
      process.on(signal, () => {
        // Ctrl-C comes twice at once when npm passes it on as well.
        if (first !== undefined && Date.now() - first > 1_000) process.exit(130);
        first ??= Date.now();
        resolve(code);
      });
    }
  });
}

/** `data/demo`, or one beside it while another demo runs there; emptied, and marked as ours. */
async function demoFolder(): Promise<string> {
  const pid = Number(await readFile(join(usualFolder, 'pid'), 'utf8').catch(() => '0'));
  const folder = pid > 0 && isRunning(pid) ? join(root, `data/demo-${process.pid}`) : usualFolder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'pid'), String(process.pid));
  return folder;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

process.exit(
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }),
);
