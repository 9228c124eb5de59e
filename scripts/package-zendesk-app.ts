// `npm run build:zendesk-app -- <address of the service> [id of the helpdesk]`: the app beside the ticket as a zip, to be uploaded at
// Zendesk. Nothing is uploaded, and nothing secret is in it.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mistakesIn } from './zendesk-app/manifest-rules.ts';
import { appFiles, zipOf } from './zendesk-app/pack.ts';

const root = join(import.meta.dirname, '..');
const target = 'dist/passerelle-zendesk-app.zip';
const usage =
  'npm run build:zendesk-app -- https://chat.acme.example acme-zendesk\n' +
  '  first the address under which the internet reaches Passerelle (server.publicUrl), then the id of the helpdesk in its configuration';

process.exitCode = await main(process.argv.slice(2));

async function main([serviceUrl = '', helpdesk = 'acme-zendesk']: string[]): Promise<number> {
  if (!URL.canParse(serviceUrl) || new URL(serviceUrl).protocol !== 'https:' || !/^[\w-]+$/.test(helpdesk)) {
    console.error(`The address must begin with https://, and the id be one word.\n${usage}`);
    return 2;
  }
  const files = await appFiles(root, { serviceUrl, helpdesk });
  const mistakes = mistakesIn(files);
  for (const mistake of mistakes) console.error(mistake);
  if (mistakes.length > 0) return 1;
  const zip = zipOf(files);
  await mkdir(dirname(join(root, target)), { recursive: true });
  await writeFile(join(root, target), zip);
  console.log(`${target}: ${files.size} files, ${Math.ceil(zip.length / 1_000)} kB, for ${serviceUrl} and ${helpdesk}`);
  console.log('Upload it at Zendesk: Admin Center, Apps and integrations, Zendesk Support apps, Upload private app.');
  return 0;
}
