import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AppFiles, mistakesIn } from '../scripts/zendesk-app/manifest-rules.ts';
import { appFiles, zipOf } from '../scripts/zendesk-app/pack.ts';

const root = join(import.meta.dirname, '..');
const wanted = { serviceUrl: 'https://chat.acme.example/', helpdesk: 'acme-zendesk' };
let files: AppFiles;
beforeAll(async () => {
  files = await appFiles(root, wanted);
});

const jsonOf = (of: AppFiles, path: string) => JSON.parse(Buffer.from(of.get(path)!).toString('utf8'));

test('the app keeps Zendesk’s rules, and asks the service it was built for alone', () => {
  expect(mistakesIn(files)).toEqual([]);
  const manifest = jsonOf(files, 'manifest.json');
  expect(manifest).toMatchObject({ domainWhitelist: ['chat.acme.example'], private: true, frameworkVersion: '2.0' });
  expect(manifest.parameters).toEqual([
    expect.objectContaining({ name: 'serviceUrl', default: 'https://chat.acme.example' }),
    expect.objectContaining({ name: 'helpdesk', default: 'acme-zendesk' }),
    { name: 'appSecret', type: 'text', required: true, secure: true, scopes: ['jwt_secret_key'] },
  ]);
});

test('the zip holds these files and no others, is the same each time, and small', async () => {
  const zip = zipOf(files);
  expect(Object.keys(unzipSync(zip)).sort()).toEqual([...files.keys()].sort());
  expect(Buffer.from(zipOf(await appFiles(root, wanted))).equals(Buffer.from(zip))).toBe(true);
  expect(zip.length).toBeLessThan(60_000);
});

const changed = (path: string, change: (json: Record<string, unknown>) => unknown): AppFiles => {
  const json = jsonOf(files, path);
  const made = change(json);
  return new Map([...files, [path, Buffer.from(JSON.stringify(made ?? json))]]);
};
const manifestWith = (more: Record<string, unknown>) => changed('manifest.json', (json) => ({ ...json, ...more }));
const without = (gone: string): AppFiles => new Map([...files].filter(([path]) => path !== gone));
const parameterWith = (more: Record<string, unknown>) =>
  changed('manifest.json', (json) => {
    const [first, ...rest] = json['parameters'] as object[];
    return { ...json, parameters: [{ ...first, ...more }, ...rest] };
  });
const pageWith = (html: string): AppFiles => new Map([...files, ['assets/iframe.html', Buffer.from(html)]]);

describe('what Zendesk would refuse is told', () => {
  test.each<[string, () => AppFiles, string]>([
    ['no manifest', () => without('manifest.json'), 'there is no manifest.json'],
    ['no JSON', () => new Map([...files, ['manifest.json', Buffer.from('{')]]), 'manifest.json: this is no JSON'],
    ['an unknown key', () => manifestWith({ noTemplate: true }), 'noTemplate'],
    ['no author', () => manifestWith({ author: undefined }), 'manifest.json: author'],
    ['an old framework', () => manifestWith({ frameworkVersion: '1.0' }), 'frameworkVersion'],
    ['a place that is none', () => manifestWith({ location: { support: { sidebar: {} } } }), 'ticket_sidebar'],
    ['a domain with a scheme', () => manifestWith({ domainWhitelist: ['https://a.example'] }), 'domainWhitelist.0'],
    ['a locale without a file', () => manifestWith({ defaultLocale: 'de' }), 'there is no translations/de.json'],
    ['a page that is not there', () => without('assets/iframe.html'), 'there is no assets/iframe.html'],
    ['a parameter called name', () => parameterWith({ name: 'name' }), 'Zendesk keeps this name'],
    ['a parameter of no type', () => parameterWith({ type: 'date' }), 'parameters.0.type'],
    ['two of one name', () => parameterWith({ name: 'helpdesk' }), 'two parameters have one name'],
    ['a secret that is none', () => parameterWith({ name: 'apiToken' }), 'this is a secret'],
    ['a secure one anywhere', () => parameterWith({ secure: true, default: undefined }), 'needs scopes'],
    ['a secure one with a default', () => parameterWith({ secure: true, scopes: ['header'] }), 'has no default'],
    ['no words for a parameter', () => parameterWith({ name: 'place' }), 'app.parameters.place is missing'],
    ['no logo', () => without('assets/logo.png'), 'there is no assets/logo.png'],
    [
      'a logo of another size',
      () => new Map([...files, ['assets/logo.png', files.get('assets/logo-small.png')!]]),
      'not a PNG of 320 by 320',
    ],
    ['a file too many', () => new Map([...files, ['.env', Buffer.from('')]]), '.env: does not belong'],
    ['a page that loads from elsewhere', () => pageWith('<script src="https://x.example/a.js"></script>'), 'x.example'],
    ['a script in the page', () => pageWith('<script>alert(1)</script>'), 'holds a script of its own'],
    [
      'a translation without a name',
      () => changed('translations/fr.json', () => ({ app: {} })),
      'translations/fr.json: app.name',
    ],
  ])('%s', (_, made, told) => {
    expect(mistakesIn(made()).join('\n')).toContain(told);
  });
});

test('without an address there is no app, and it is said what is wanted', () => {
  const node = join(root, 'node_modules/.bin/node');
  const run = spawnSync(node, ['--no-warnings', 'scripts/package-zendesk-app.ts', 'http://chat.acme.example'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(run.status).toBe(2);
  expect(run.stderr).toContain('npm run build:zendesk-app -- https://');
});
