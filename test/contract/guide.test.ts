import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Channel, Outgoing } from '../../src/channels/channel.ts';
import { localTools } from '../../src/channels/shared/testing/platform.ts';
import type { Marker, PlatformUserId } from '../../src/domain/ids.ts';
import { asVerified } from '../../src/kit/webhook.ts';
import { testChannelContract } from '../support/channel-contract.ts';
import { sampledChannel } from '../support/channel-samples.ts';
import { codeIn, writeCode } from '../support/guide-code.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

const shown = codeIn('docs/adding-a-channel.md');
const written = writeCode(shown);
afterAll(written.remove);
const home = join(written.folder, 'src/channels/parrot');
const { parrot } = (await import(join(home, 'channel.ts'))) as { parrot: Channel };
const sampled = await sampledChannel(parrot, home);

test('the guide shows a whole channel', () => {
  const names = [...shown.keys()].map((path) => path.replace('src/channels/parrot/', ''));
  for (const name of ['account', 'limits', 'verify', 'receive', 'send', 'channel', 'testing'])
    expect(names).toContain(`${name}.ts`);
});

test('it names everything that a channel may have', () => {
  const contract = readFileSync(join(root, 'src/channels/channel.ts'), 'utf8');
  const channel = contract.slice(contract.indexOf('export interface Channel<'));
  const optional = [...channel.matchAll(/^ {2}(?:readonly )?(\w+)\?[(:]/gm)].map(([, name]) => name!);
  expect(optional.length).toBeGreaterThan(10);
  const page = readFileSync(join(root, 'docs/adding-a-channel.md'), 'utf8');
  expect(optional.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('its types fit the contract', async () => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const ended = await run(process.execPath, [tsc, '-p', written.folder]).then(
    () => 'fine',
    ({ stdout }: { stdout: string }) => stdout,
  );
  expect(ended).toBe('fine');
}, 60_000);

test.each([...shown].filter(([path]) => path.endsWith('.ts')))('%s is written as the code is', async (path, code) => {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const asked = run(process.execPath, [biome, 'format', `--stdin-file-path=${path}`], { cwd: root });
  asked.child.stdin!.end(code);
  expect((await asked).stdout).toBe(code);
});

describe('Parrot keeps the contract', () => testChannelContract(sampled));

describe('Parrot, there and back', () => {
  let platform: Awaited<ReturnType<typeof startParrot>>;
  const tools = localTools();
  beforeAll(async () => {
    platform = await startParrot();
  });
  afterAll(() => {
    platform?.server.close();
    tools.close();
  });
  const account = (token = 'CANARY-token') =>
    parrot.account.parse({ ...sampled.sample.account, token, apiUrl: platform.url });
  const says = (text: string, marker = `passerelle:${text}`): Outgoing => ({
    marker: marker as Marker,
    to: 'b7' as PlatformUserId,
    right: 'response',
    body: { type: 'text', text },
  });

  test('what a bird says comes in, item by item', () => {
    const [body] = sampled.bodies as [Buffer];
    const received = parrot.receive(asVerified(sampled.sample.sign(body)), account());
    expect(received).toMatchObject({
      events: [
        { type: 'message', id: 'e1', to: '555', from: 'b7', parts: [{ type: 'text', text: 'Where is my parcel?' }] },
        { type: 'message', id: 'e2', parts: [{ type: 'file', name: 'parcel.jpg' }] },
        { type: 'receipt', state: 'read', upTo: new Date(1790000001500) },
        { type: 'unsupported', id: 'e4', from: 'b8', what: 'moult' },
      ],
    });
  });

  test.each([
    ['Hello', { result: 'sent', id: 'm1' }, 1],
    ['wait', { result: 'later', after: 7_000 }, 0],
    ['blocked', { result: 'never', code: 'blocked', why: 'The customer has blocked this account.' }, 0],
    ['hang up', { result: 'unsure' }, 1],
    ['break', { result: 'unsure' }, 0],
  ])('%s: each answer is told as what it is, and a look-up finds what was sent', async (text, expected, times) => {
    expect(await parrot.send(says(text), account(), tools)).toMatchObject(expected);
    expect(platform.said.filter((each) => each.text === text)).toHaveLength(times);
    const sought = { marker: `passerelle:${text}` as Marker, to: 'b7' as PlatformUserId, since: new Date(0) };
    const id = platform.said.find((each) => each.text === text)?.id;
    expect(await parrot.lookUpSent!(sought, account(), tools)).toEqual({ result: 'done', value: id });
  });

  test('a dead token breaks the account; a platform that is away is tried later; a file is refused', async () => {
    expect(await parrot.send(says('x'), account('old'), tools)).toMatchObject({ result: 'account-broken' });
    const away = parrot.account.parse({ ...sampled.sample.account, apiUrl: 'http://127.0.0.1:9' });
    expect(await parrot.send(says('x'), away, tools)).toMatchObject({ result: 'later' });
    const file = { type: 'file', name: 'f', contentType: 'text/plain', bytes: Buffer.from('f') } as const;
    expect(await parrot.send({ ...says('x'), body: file }, account(), tools)).toMatchObject({ result: 'never' });
  });
});

/** Parrot's side of it. What it misbehaves by is the text itself. */
async function startParrot() {
  const said: { id: string; ref: string; text: string }[] = [];
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const end = (status: number, body: object, headers = {}) =>
      void response.writeHead(status, headers).end(JSON.stringify(body));
    if (request.headers.authorization !== 'Bearer CANARY-token') return end(401, { code: 'token' });
    const url = new URL(request.url ?? '', 'http://parrot');
    if (request.method === 'GET')
      return end(200, { messages: said.filter(({ ref }) => ref === url.searchParams.get('ref')) });
    const { to, text, ref } = (await json(request)) as { to: string; text: string; ref: string };
    if (to !== 'b7' || text === 'blocked') return end(403, { code: 'blocked' });
    if (text === 'wait') return end(429, { code: 'rate' }, { 'retry-after': '7' });
    if (text === 'break') return end(500, {});
    said.push({ id: `m${said.length + 1}`, ref, text });
    if (text === 'hang up') response.destroy();
    else end(201, { id: said.at(-1)!.id });
  }
  const server: Server = createServer(answer);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { said, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
