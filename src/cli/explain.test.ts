import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Channel } from '../channels/channel.ts';
import { messenger } from '../channels/registry.ts';
import { explain } from './explain.ts';
import { processTerminal } from './terminal.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'passerelle-explain-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function explained(body: string) {
  const file = join(folder, 'body.json');
  writeFileSync(file, body);
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    ...processTerminal,
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
  };
  const channels = { messenger: messenger as unknown as Channel };
  const code = await explain({ kind: 'messenger', file, json: true }, channels, terminal);
  return { code, events: out.map((line) => JSON.parse(line)), err };
}

test('a Messenger webhook from a file becomes its events, without a signature', async () => {
  const item = (mid: string, text: string) => ({
    sender: { id: '7' },
    recipient: { id: '555' },
    timestamp: 1_790_000_000_000,
    message: { mid, text },
  });
  const entry = [{ id: '555', time: 1_790_000_000_000, messaging: [item('m_1', 'one'), item('m_2', 'two')] }];
  const { code, events } = await explained(JSON.stringify({ object: 'page', entry }));
  expect(code).toBe(0);
  expect(events).toMatchObject([
    {
      type: 'message',
      id: 'm_1',
      from: '7',
      to: '555',
      at: '2026-09-21T14:13:20.000Z',
      parts: [{ type: 'text', text: 'one' }],
    },
    { type: 'message', id: 'm_2' },
  ]);
});

test.each(['', 'hello', '{"object":"page"}', '[]', '\u0000'])('%j is malformed', async (body) => {
  const { code, events, err } = await explained(body);
  expect({ code, events }).toEqual({ code: 1, events: [] });
  expect(err.join()).toMatch(/^This is no webhook of that kind: \S/);
});
