import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { silentLog } from '../../src/kit/log.ts';
import { newSealingKey } from '../../src/kit/seal.ts';
import { accountKinds, startService } from '../../src/main.ts';
import { readConfiguration } from '../../src/settings/configuration.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { sealFor } from '../../src/store/seal-for.ts';
import { sampledChannels } from '../support/channel-samples.ts';
import { freshDatabase } from '../support/database.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'passerelle-secrets-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function settings(text: string, env: Record<string, string> = {}) {
  const path = join(folder, 'passerelle.yaml');
  writeFileSync(path, text);
  const read = readSettings({ path, env, kinds: accountKinds() });
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
  return read.settings;
}

test('the embedded database gets a key of its own, for its owner’s eyes alone, and keeps it', () => {
  const embedded = settings('database: { dataDir: ./data }');
  const sealed = sealFor(embedded).seal('token');
  expect(sealFor(embedded).open(sealed)).toEqual({ result: 'opened', text: 'token' });
  const file = join(folder, 'data', 'sealing-key');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toMatch(/^[\w+/]{43}=\n$/);
});

test('the configured keys: the first seals, all open', () => {
  const [old, fresh] = [newSealingKey(), newSealingKey()];
  const env = { DATABASE_URL: 'postgres://host/name', OLD: old, FRESH: fresh };
  const before = sealFor(settings('secrets: { keys: ["$' + '{OLD}"] }', env)).seal('token');
  const rotated = sealFor(settings('secrets: { keys: ["$' + '{FRESH}", "$' + '{OLD}"] }', env));
  expect(rotated.open(before)).toEqual({ result: 'opened', text: 'token' });
  expect([rotated.isStale(before), rotated.isStale(rotated.seal('token'))]).toEqual([true, false]);
});

test('with a Postgres of one’s own and no key, it is told what is missing, and only when a seal is needed', () => {
  const own = settings('', { DATABASE_URL: 'postgres://host/name' });
  expect(() => sealFor(own)).toThrow(/secrets\.keys/);
});

test('where a channel renews its tokens, nothing starts without a key', async () => {
  const renewing = (await sampledChannels()).filter(({ channel }) => channel.renewsTokens);
  expect(renewing.length).toBeGreaterThan(0);
  const database = await freshDatabase();
  const path = join(folder, 'renewing.yaml');
  writeFileSync(path, stringify({ channels: renewing.map(({ sample }) => sample.account) }));
  const read = readConfiguration({ path, env: { DATABASE_URL: database.url }, kinds: accountKinds() });
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
  await expect(startService(read.settings, read.mapping, silentLog)).rejects.toThrow(/secrets\.keys/);
  await database.drop();
});
