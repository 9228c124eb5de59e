// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what is filled in.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillIn } from './fill-in.ts';
import { describeMistake } from './mistake.ts';
import { readSettings } from './settings.ts';
import { variable } from './variable.ts';

let folder: string;
const file = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'passerelle-variable-'));
  for (const [name, text] of [
    ['token', 'from the file\n'],
    ['windows', 'from the file\r\n'],
    ['lines', 'one\ntwo\n\n'],
    ['bare', 'from the file'],
    ['empty', ''],
    ['line-end', '\n'],
    ['url', 'postgres://user:CANARY@host/name\n'],
  ] as const)
    writeFileSync(file(name), text);
  mkdirSync(file('folder'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each<[string, Record<string, string>, object | undefined]>([
  ['the variable', { TOKEN: 'direct' }, { value: 'direct' }],
  ['its file', { TOKEN_FILE: 'token' }, { value: 'from the file' }],
  ['a file with Windows’ line end', { TOKEN_FILE: 'windows' }, { value: 'from the file' }],
  ['a file without a line end', { TOKEN_FILE: 'bare' }, { value: 'from the file' }],
  ['a file of several lines loses only its last line end', { TOKEN_FILE: 'lines' }, { value: 'one\ntwo\n' }],
  ['an empty variable beside its file', { TOKEN: '', TOKEN_FILE: 'token' }, { value: 'from the file' }],
  ['nothing', {}, undefined],
  ['empty ones', { TOKEN: '', TOKEN_FILE: '' }, undefined],
  [
    'both',
    { TOKEN: 'x', TOKEN_FILE: 'token' },
    { problem: 'the environment variables TOKEN and TOKEN_FILE are both set' },
  ],
  ['a file that is not there', { TOKEN_FILE: 'nowhere' }, { problem: 'the file that TOKEN_FILE names is not there' }],
  ['a folder', { TOKEN_FILE: 'folder' }, { problem: 'the file that TOKEN_FILE names cannot be read (EISDIR)' }],
  ['an empty file', { TOKEN_FILE: 'empty' }, { problem: 'the file that TOKEN_FILE names is empty' }],
  ['a line end alone', { TOKEN_FILE: 'line-end' }, { problem: 'the file that TOKEN_FILE names is empty' }],
])('%s', (_, env, gives) => {
  const { TOKEN_FILE: name, ...rest } = env;
  expect(variable('TOKEN', name ? { ...rest, TOKEN_FILE: file(name) } : env)).toEqual(gives);
});

test('what is in a file fills in ${NAME}, before a default, and is kept out of messages like other values', () => {
  const env = { TOKEN_FILE: file('token') };
  expect(fillIn('a ${TOKEN:-default}', env)).toEqual({
    text: 'a from the file',
    values: ['from the file'],
    problems: [],
  });
});

test('a file that cannot be read is a mistake even where there is a default', () => {
  const { problems } = fillIn('${TOKEN:-default}', { TOKEN_FILE: file('nowhere') });
  expect(problems).toEqual([
    { placeholder: '${TOKEN:-default}', problem: 'the file that TOKEN_FILE names is not there' },
  ]);
});

const kinds = { channels: {}, helpdesks: {}, crms: {} };
const read = (text: string, env: Record<string, string>) => {
  writeFileSync(file('passerelle.yaml'), text);
  return readSettings({ path: file('passerelle.yaml'), env, kinds });
};

test('DATABASE_URL may come from a file', () => {
  const result = read('', { DATABASE_URL_FILE: file('url') });
  expect(result.ok && result.settings.database.url?.reveal()).toBe('postgres://user:CANARY@host/name');
  expect(JSON.stringify(result)).not.toContain('CANARY');
});

test.each([
  [{ DATABASE_URL_FILE: 'nowhere' }, /DATABASE_URL: the file that DATABASE_URL_FILE names is not there/],
  [{ DATABASE_URL_FILE: 'token' }, /DATABASE_URL: not understood \(expected: postgres:/],
])('%j is told', (env, told) => {
  const result = read('', { DATABASE_URL_FILE: file(env.DATABASE_URL_FILE) });
  expect(result.ok ? '' : result.mistakes.map(describeMistake).join('\n')).toMatch(told);
});

test('keys that seal must be keys; what was given is not told', () => {
  const result = read('secrets: { keys: ["${KEY}"] }', { KEY: 'CANARY' });
  const told = result.ok ? '' : result.mistakes.map(describeMistake).join('\n');
  expect(told).toMatch(/secrets\.keys\[0\]: not a key; 32 random bytes/);
  expect(told).not.toContain('CANARY');
});
