import type { Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeAnswer, reachCheck } from '../../src/flows/doctor/reach.ts';
import { listen } from '../../src/http/server.ts';
import { makeHttp } from '../../src/kit/http.ts';
import { bareDoor } from '../support/bare-door.ts';

let server: Server;
let url: string;
const http = makeHttp();
beforeAll(async () => {
  server = bareDoor({ channels: [], helpdesks: [], takeIn: () => Promise.reject(new Error('nothing is taken in')) });
  url = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}`;
});
afterAll(() => {
  http.close();
  server.closeAllConnections();
  server.close();
});

const found = async (publicUrl: string | undefined, digest = 'digest-of-the-accounts') =>
  (await reachCheck({ publicUrl, digest, http }).look()).map(({ ok, warning, why }) => ({ ok, warning, why }));

test('the door answers a nonce with what only the configuration can make, and nothing else', async () => {
  const nonce = 'ab'.repeat(16);
  const answer = await fetch(`${url}/webhooks/probe/${nonce}`);
  expect(await answer.json()).toEqual({ probe: probeAnswer('digest-of-the-accounts', nonce) });
  for (const odd of ['x', 'AB'.repeat(16), `${nonce}/more`, 'ab'.repeat(64)])
    expect((await fetch(`${url}/webhooks/probe/${odd}`)).status).toBe(404);
});

test.each([
  ['this service', 'digest-of-the-accounts', { ok: true }],
  ['one with another configuration', 'other', { ok: false, why: expect.stringContaining('another configuration') }],
])('%s', async (_, digest, expected) => {
  expect((await found(url, digest)).at(-1)).toMatchObject(expected);
});

test.each([
  ['nobody', 'http://127.0.0.1:9', { ok: false, why: expect.stringContaining('ECONNREFUSED') }],
  ['something that answers 404', '/nothing-here', { ok: false, why: 'something answered 404' }],
  ['something else that answers 200', '/health/live?', { ok: false, why: expect.stringContaining('something else') }],
])('%s', async (_, where, expected) => {
  expect((await found(where.startsWith('/') ? `${url}${where}` : where)).at(-1)).toMatchObject(expected);
});

test.each([
  ['none', undefined, { ok: true, warning: true, why: expect.stringContaining('not set') }],
  ['one of this machine', 'http://localhost:9', { ok: true, warning: true }],
  ['one of a private network', 'https://192.168.1.5', { ok: true, warning: true }],
  ['one without https', 'http://chat.acme.invalid', { ok: false, why: 'platforms deliver to https only' }],
])('an address that is %s', async (_, publicUrl, expected) => {
  expect((await found(publicUrl))[0]).toMatchObject(expected);
});
