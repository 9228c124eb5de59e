import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { AppFiles } from './manifest-rules.ts';

/** For whom the app is built. */
export interface AppFor {
  /** How Zendesk's proxy reaches the service: its `server.publicUrl`. */
  serviceUrl: string;
  /** The id of the helpdesk in its configuration. */
  helpdesk: string;
}

const page = ['iframe.html', 'app.js', 'app.css'] as const;

/** All files of the app, its page as `npm run build:zendesk-app` built it. */
export async function appFiles(root: string, wanted: AppFor): Promise<AppFiles> {
  const files = new Map<string, Uint8Array>();
  const source = join(root, 'zendesk-app');
  const template = JSON.parse(await readFile(join(source, 'manifest.json'), 'utf8')) as Record<string, unknown>;
  const manifest = manifestFor(template, wanted, await versionOf(root));
  files.set('manifest.json', Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  for (const folder of ['assets', 'translations'])
    for (const name of await readdir(join(source, folder)))
      files.set(`${folder}/${name}`, await readFile(join(source, folder, name)));
  for (const name of page) files.set(`assets/${name}`, await readFile(join(root, 'dist/zendesk-app', name)));
  return files;
}

async function versionOf(root: string): Promise<string> {
  return (JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}

/** The proxy sends to no other host than the manifest names, so each service has a manifest of its own. */
function manifestFor(template: Record<string, unknown>, { serviceUrl, helpdesk }: AppFor, version: string) {
  const { origin, hostname } = new URL(serviceUrl);
  const author = { ...(template['author'] as object), url: origin, email: `passerelle@${hostname}` };
  const defaults: Record<string, string> = { serviceUrl: serviceUrl.replace(/\/+$/, ''), helpdesk };
  const parameters = (template['parameters'] as { name: string }[]).map((each) =>
    each.name in defaults ? { ...each, default: defaults[each.name] } : each,
  );
  return { ...template, author, version, domainWhitelist: [hostname], parameters };
}

/** The earliest time a zip can hold, the same wherever it is made. */
const noTime = new Date(1980, 0, 1);

/** The same bytes from the same files, in the order of their names. */
export function zipOf(files: AppFiles): Uint8Array {
  const names = [...files.keys()].sort();
  return zipSync(
    Object.fromEntries(names.map((name) => [name, [files.get(name)!, { mtime: noTime, level: 9, os: 0 }]])),
  );
}
