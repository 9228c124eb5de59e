import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { transformSync } from '@lwc/compiler';
import type { Page } from 'playwright-core';

/** What stands in for a module of the platform's own, as JavaScript, by its name. */
export type PlatformModules = Readonly<Record<string, string>>;

const origin = 'http://org.example';
const engine = join(dirname(createRequire(import.meta.url).resolve('@lwc/engine-dom')), 'index.js');

/**
 * Opens a page that has a Lightning web component, compiled file by file by the platform's own compiler for its own engine.
 * `globalThis.panel(properties)` makes one.
 */
export async function openLightningPage(page: Page, folder: string, modules: PlatformModules): Promise<void> {
  const name = basename(folder);
  const imports = { lwc: '/engine.js', ...Object.fromEntries(Object.keys(modules).map((id) => [id, `/of/${id}`])) };
  const files: Record<string, () => string> = {
    '/': () => pageWith(name, imports),
    '/engine.js': () => readFileSync(engine, 'utf8'),
    ...Object.fromEntries(Object.entries(modules).map(([id, code]) => [`/of/${id}`, () => code])),
  };
  await page.route(`${origin}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    const body = files[pathname]?.() ?? compiled(folder, pathname.replace('/c/', ''));
    const contentType = pathname === '/' ? 'text/html' : 'text/javascript';
    return route.fulfill({ body, contentType: `${contentType}; charset=utf-8` });
  });
  await page.goto(`${origin}/`);
  await page.waitForFunction('globalThis.panel', undefined, { timeout: 10_000 });
}

const pageWith = (name: string, imports: Record<string, string>): string => `<!doctype html>
<html lang="en"><title>Contact</title>
<script>globalThis.process = { env: { NODE_ENV: 'production' } };</script>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">
import { createElement } from 'lwc';
import Panel from '/c/${name}.js';
globalThis.panel = (properties) => Object.assign(createElement('c-panel', { is: Panel }), properties);
</script>
<main></main></html>`;

/** A file of the component as a module; a style sheet that a template asks for and that is not there is empty. */
function compiled(folder: string, file: string): string {
  const found = [file, `${file}.js`].find((each) => existsSync(join(folder, each)));
  const source = found ? readFileSync(join(folder, found), 'utf8') : '';
  return transformSync(source, found ?? file, { name: basename(folder), namespace: 'c' }).code;
}
