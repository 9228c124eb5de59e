import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const libraries = join(import.meta.dirname, '../../node_modules/@sparticuz/chromium/bin/al2023.tar.br');

/** A real Chromium: the machine's own, else the one that came from npm. Close it when done. */
export async function openBrowser(): Promise<Browser> {
  const own = installed.find((path) => existsSync(path));
  if (own) return chromium.launch({ executablePath: own, args: flags });
  const { default: fromNpm, inflate } = await import('@sparticuz/chromium');
  const executablePath = await fromNpm.executablePath();
  try {
    return await chromium.launch({ executablePath, args: flags });
  } catch {
    // A bare machine lacks some libraries that Chromium wants; the package brings them.
    const LD_LIBRARY_PATH = join(await inflate(libraries), 'lib');
    return chromium.launch({ executablePath, args: flags, env: { ...process.env, LD_LIBRARY_PATH } as never });
  }
}
