import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { countEvents, startTap } from './tap.ts';

test.each([
  ['every list of every entry', { entry: [{ messaging: [1, 2], standby: [3] }, { changes: [4] }] }, 4],
  ['no entries', { object: 'page' }, 0],
  ['entries of another shape', { entry: [null, { messaging: 'no' }] }, 0],
])('counts %s', (_, body, expected) => {
  expect(countEvents(Buffer.from(JSON.stringify(body)))).toBe(expected);
});

test('what is not JSON holds no events', () => {
  expect(countEvents(Buffer.from('{'))).toBe(0);
});

/** A target that answers with what `status` says and keeps what it was sent. */
async function startTarget(status: number) {
  const got: { body: string; signature: IncomingMessage['headers'][string] }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    got.push({ body, signature: request.headers['x-hub-signature-256'] });
    response.writeHead(status).end('said');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

test.each([
  [200, 2],
  [503, 0],
])('passes everything on unchanged; events answered %s count as %s', async (status, accepted) => {
  const target = await startTarget(status);
  const tap = await startTap(target.url);
  const body = JSON.stringify({ entry: [{ messaging: [{}, {}] }], text: 'é' });
  const answer = await fetch(`${tap.url}/webhooks/x`, {
    method: 'POST',
    body,
    headers: { 'x-hub-signature-256': 'sha256=1' },
  });
  expect([answer.status, await answer.text(), target.got]).toEqual([status, 'said', [{ body, signature: 'sha256=1' }]]);
  expect(tap.accepted('/webhooks/x')).toBe(accepted);
  expect(tap.accepted('/webhooks/other')).toBe(0);
  expect(tap.webhooks.map(({ path, events }) => [path, events])).toEqual([['/webhooks/x', 2]]);
  await tap.close();
  target.close();
});

test('a target that is down is a broken connection', async () => {
  const tap = await startTap('http://127.0.0.1:1');
  await expect(fetch(tap.url, { method: 'POST', body: '{}' })).rejects.toThrow();
  expect(tap.webhooks.map(({ status }) => status)).toEqual(['none']);
  await tap.close();
});
