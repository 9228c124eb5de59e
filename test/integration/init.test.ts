import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleKinds } from '../../src/settings/first-configuration.ts';
import { commandLine } from '../support/command-line.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const kinds = sampleKinds(readFileSync(join(root, 'config/example.passerelle.yaml'), 'utf8'));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passerelle-init-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As an operator types it; `input` is what is answered. */
function passerelle(args: string[], input = '', env: Record<string, string> = {}) {
  const { NODE_OPTIONS: _, DATABASE_URL: __, ...rest } = process.env;
  const child = spawn(process.execPath, [join(root, 'scripts/passerelle.mjs'), ...args], {
    cwd: folder,
    env: { ...rest, ...env },
  });
  const ended = { code: null as number | null, out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    ended.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    ended.err += chunk;
  });
  child.stdin.on('error', () => undefined).end(input);
  return new Promise<typeof ended>((resolve) => child.on('close', (code) => resolve({ ...ended, code })));
}

const init = (args: string[], input?: string) => passerelle(['init', '--dir', join(folder, 'config'), ...args], input);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

/** What a shell makes of the file of variables; what is empty there is filled in. */
function variables(): Record<string, string> {
  const pairs = [...read('.env').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']): [string, string] => [
    name,
    value,
  ]);
  const open = pairs.map(([name, value]): [string, string] => [
    name,
    value || (name.endsWith('_URL') ? 'https://a.example' : 'some-value-of-mine'),
  ]);
  return Object.fromEntries(open.filter(([name]) => !['DATABASE_URL', 'ZENDESK_WEBHOOK_SECRET'].includes(name)));
}
const checkConfig = (env: Record<string, string>) =>
  passerelle(['check-config', join(folder, 'config/passerelle.yaml')], '', env);

/** Values that must look like something. */
const shaped = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TELEGRAM_BOT_TOKEN: `123456:${'A'.repeat(35)}`,
  WECHAT_APP_ID: 'wx0123456789abcdef',
  WECHAT_ENCODING_AES_KEY: 'a'.repeat(43),
};

const sound = ['--name', 'globex', '--url', 'https://chat.globex.example', '--helpdesk', 'zendesk'];

test('all kinds at once: what is written passes check-config once its variables are set', async () => {
  const all = kinds.channels.join(',');
  const { code, out, err } = await init([...sound, '--channels', all, '--crm', kinds.crms[0]!]);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/Next:[\s\S]*check-config[\s\S]*provision zendesk --dry-run[\s\S]*doctor/);
  const checked = await checkConfig({ ...variables(), ...shaped });
  expect(checked).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringContaining(`${kinds.channels.length} channels, 1 helpdesk, 1 CRM`),
  });
  const text = read('config/passerelle.yaml');
  expect(text).not.toMatch(/(?:- id|helpdesk|crm): acme/);
  expect(text).toMatch(/^ {4}helpdesk: globex-zendesk/m);
  expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
});

test('one channel without a CRM: nothing of the others, no secret in the configuration', async () => {
  const [kind] = kinds.channels as [string];
  await init([...sound, '--channels', kind, '--set', 'ZENDESK_URL=https://globex.zendesk.com']);
  const text = read('config/passerelle.yaml');
  expect(text).not.toMatch(/^ {4}crm: /m);
  expect(text.match(/^ {2}- id: /gm)).toHaveLength(2);
  const env = variables();
  expect(env).toMatchObject({ PUBLIC_URL: 'https://chat.globex.example', ZENDESK_URL: 'https://globex.zendesk.com' });
  expect((await checkConfig(env)).code).toBe(0);
  const unset = await checkConfig({});
  expect(unset.err).toContain('the environment variable ZENDESK_CLIENT_SECRET is not set');
});

test('it asks for what is not said, again where an answer will not do', async () => {
  const answers = [
    'Globex!',
    'globex',
    'chat.globex.example',
    'https://chat.globex.example',
    'pigeon',
    kinds.channels[1]!,
    '',
    'none',
    'https://globex.zendesk.com',
  ];
  const { code, err } = await init(['--interactive'], `${answers.join('\n')}\n`);
  expect(code).toBe(0);
  expect(err).toContain('Expected small letters and digits');
  expect(err).toContain('Expected an address such as');
  expect(err).toContain(`Expected some of ${kinds.channels.join(', ')}`);
  expect((await checkConfig(variables())).code).toBe(0);
});

test('answers that end too early leave nothing behind', async () => {
  const { code, err } = await init(['--interactive'], 'globex\n');
  expect([code, err]).toEqual([2, expect.stringContaining('nothing was written')]);
  expect(existsSync(join(folder, 'config'))).toBe(false);
});

/** In this process, which is quicker. */
const inside = (args: string[]) => commandLine('unused', undefined, ['init', '--dir', join(folder, 'config'), ...args]);

test.each([['config/passerelle.yaml'], ['config/mapping.yaml'], ['.env']])(
  '%s that is there is not overwritten',
  async (name) => {
    await inside([...sound, '--channels', kinds.channels[0]!]);
    for (const each of ['config/passerelle.yaml', 'config/mapping.yaml', '.env']) rmSync(join(folder, each));
    writeFileSync(join(folder, name), 'mine');
    const { code, err } = await inside([...sound, '--channels', kinds.channels[0]!]);
    expect([code, err]).toEqual([1, expect.stringContaining(join(folder, name))]);
    expect(read(name)).toBe('mine');
    expect(
      ['config/passerelle.yaml', 'config/mapping.yaml', '.env'].filter((each) => existsSync(join(folder, each))),
    ).toEqual([name]);
  },
);

test.each([
  ['no channels', sound, /--channels is missing/],
  ['a kind there is not', [...sound, '--channels', 'pigeon'], /--channels pigeon: expected some of/],
  ['an address that is none', [...sound, '--channels', kinds.channels[0]!, '--url', 'chat'], /--url chat: expected/],
  [
    'a variable without a value',
    [...sound, '--channels', kinds.channels[0]!, '--set', 'X'],
    /--set X: expected NAME=value/,
  ],
])('%s: wrong usage, nothing is written', async (_, args, says) => {
  const { code, err } = await inside(args);
  expect([code, err]).toEqual([2, expect.stringMatching(says)]);
  expect(existsSync(join(folder, 'config'))).toBe(false);
});
