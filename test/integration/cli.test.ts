import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixtures = join(root, 'src/channels/messenger/fixtures');
const folder = mkdtempSync(join(tmpdir(), 'passerelle-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** As an operator types it, from another folder. */
function passerelle(args: string[], input = '', env: Record<string, string> = {}): Promise<Ended> {
  const { NODE_OPTIONS: _, DATABASE_URL: __, ...rest } = process.env;
  const child = spawn(process.execPath, [join(root, 'scripts/passerelle.mjs'), ...args], {
    cwd: folder,
    env: { ...rest, ...env },
  });
  const ended: Ended = { code: null, out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    ended.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    ended.err += chunk;
  });
  child.stdin.on('error', () => undefined).end(input);
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ ...ended, code }));
  });
}

const written = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const objectsIn = (out: string) =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test.each(['attachments.json', 'batch.json', 'message-full.json'])(
  'explain messenger %s --json: one event a line, each with what an event has',
  async (name) => {
    const { code, out, err } = await passerelle(['explain', 'messenger', join(fixtures, name), '--json']);
    expect([code, err]).toEqual([0, '']);
    const events = objectsIn(out);
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      expect(event).toMatchObject({ type: expect.any(String), id: expect.any(String), to: expect.any(String) });
      expect(new Date(String(event['at'])).toJSON()).toBe(event['at']);
      if (event['type'] === 'message')
        expect(event).toMatchObject({ from: expect.any(String), parts: expect.any(Array) });
    }
  },
);

test('explain reads standard input, and for people prints a table', async () => {
  const item = {
    sender: { id: '7712' },
    recipient: { id: '555' },
    timestamp: 1790000000000,
    message: { mid: 'm_1', text: 'Hi' },
  };
  const body = JSON.stringify({ object: 'page', entry: [{ id: '555', time: 1790000000000, messaging: [item] }] });
  const { code, out } = await passerelle(['explain', 'messenger', '-'], body);
  expect(code).toBe(0);
  expect(out).toMatch(/^TYPE .*CONTENT\nmessage .*7712.*m_1.*text: Hi\n$/);
});

test.each([
  ['a body that is not JSON', '{"object":', 1, /JSON/],
  ["another product's body", '{"object":"instagram","entry":[]}', 1, /page/],
  ['a body without entries', '{"object":"page"}', 1, /entry/],
])('explain %s: says what was expected and exits 1', async (_, body, code, says) => {
  const ended = await passerelle(['explain', 'messenger', written('body.json', body), '--json']);
  expect([ended.code, ended.out]).toEqual([code, '']);
  expect(ended.err).toMatch(says);
  expect(ended.err).not.toMatch(/\n\s+at /);
});

test.each([
  ['a channel there is not', ['explain', 'pigeon', 'x.json'], /pigeon[\s\S]*messenger/],
  ['a file there is not', ['explain', 'messenger', 'nowhere.json'], /nowhere\.json/],
  ['a command there is not', ['explian'], /explain/],
  ['no command', [], /Usage: passerelle/],
])('%s: wrong usage, exit code 2', async (_, args, says) => {
  const { code, out, err } = await passerelle(args);
  expect(code).toBe(2);
  expect(out + err).toMatch(says);
});

const broken = `server:
  port: eighty
  colour: blue
channels:
  - id: acme page
    kind: messenger
    pageId: "555"
    appId: "9911"
    pageToken: \${A_TOKEN_NOBODY_SET}
    appSecret: s
    verifyToken: v
    helpdesk: nobody
helpdesks:
  - { id: acme-zendesk, kind: zendsk, url: "https://acme.zendesk.com" }
`;

test('check-config tells all mistakes at once, each with file, line and column, and exits 1', async () => {
  const file = written('broken.yaml', broken);
  const { code, out, err } = await passerelle(['check-config', file]);
  expect([code, out]).toEqual([1, '']);
  const lines = err.trim().split('\n');
  for (const [line, says] of [
    [2, /port/],
    [3, /colour/],
    [5, /id/],
    [9, /A_TOKEN_NOBODY_SET/],
    [12, /helpdesk/],
    [14, /kind/],
  ] as const) {
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${file}:${line}:\\d+ .*${says.source}`)));
  }
  expect(lines.at(-1)).toMatch(/^\d+ mistakes in the configuration\.$/);
});

test('check-config --json tells the same to programs', async () => {
  const { code, out } = await passerelle(['check-config', written('broken.yaml', broken), '--json']);
  expect(code).toBe(1);
  expect(objectsIn(out).map(({ line }) => line)).toEqual(expect.arrayContaining([2, 3, 5, 9, 12, 14]));
});

const right = `channels:
  - id: acme-page
    kind: messenger
    pageId: "555"
    appId: "9911"
    pageToken: \${PAGE_TOKEN}
    appSecret: s
    verifyToken: \${VERIFY_TOKEN:-v}
`;

test('check-config of a right file, named by PASSERELLE_CONFIG, says so and exits 0', async () => {
  const env = { PASSERELLE_CONFIG: written('right.yaml', right), PAGE_TOKEN: 'CANARY' };
  const { code, out, err } = await passerelle(['check-config'], '', env);
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('1 channel, 0 helpdesks, 0 CRMs');
  expect(out).not.toContain('CANARY');
});

test('start with mistakes prints them, starts nothing and exits 1', async () => {
  const { code, err } = await passerelle(['start'], '', { PASSERELLE_CONFIG: written('broken.yaml', broken) });
  expect(code).toBe(1);
  expect(err).toMatch(/broken\.yaml:2:\d+ /);
});

test.each([['--help'], ['-h'], ['help']])('%s lists the commands and exits 0', async (flag) => {
  const { code, out } = await passerelle([flag]);
  expect(code).toBe(0);
  for (const command of ['start', 'check-config', 'doctor', 'explain']) expect(out).toContain(command);
});
