import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import express from 'express';
import { afterEach, expect, test } from 'vitest';
import { limitConnections } from '../../src/http/connections.ts';
import { explainFailure } from '../../src/http/explain-failure.ts';
import { rawBody } from '../../src/http/raw-body.ts';
import { speakRaw } from '../support/raw-http.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const limits = { headersMs: 300, requestMs: 600, lingerMs: 200, most: 5 };

/** A server like the service's own, as far as connections go; it echoes how long a body was. */
async function started(): Promise<string> {
  const app = express();
  app.post('/', rawBody(1_000), (request, response) => {
    response.send(`read ${request.body.length}`);
  });
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const watch = { saw: () => false, isAway: () => false, stop() {} };
  const metrics = {
    event() {},
    refused() {},
    delivery() {},
    media() {},
    recovered() {},
    link() {},
    notice() {},
    noticeHeld() {},
    door() {},
    page: async () => ({ contentType: '', body: '' }),
  };
  app.use(explainFailure({ metrics, log, watch, maxBodyBytes: 1_000 }));
  server = createServer({ connectionsCheckingInterval: 50 }, app);
  limitConnections(server, limits);
  await new Promise<void>((ready) => server!.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const head = (length: number | string) => `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`;
/** One letter after the other, for seconds. */
const slowly = (text: string) => [...text].flatMap((letter) => [letter, 60]);

test.each<[string, Parameters<typeof speakRaw>[1], number, RegExp]>([
  ['headers that come one letter at a time', slowly(head(5)), 408, /in time/],
  ['a connection on which nothing comes', [], 408, /in time/],
  ['a body that comes one letter at a time', [head(40), ...slowly('x'.repeat(40))], 408, /in time/],
  ['a body that never ends', [head(40), 'xx'], 408, /in time/],
  ['a body that says it is too large', [head(5_000), 'x'.repeat(4_000), 2_000], 413, /larger than 1000 bytes/],
  [
    'a body in chunks without end',
    [
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n',
      ...Array(50).fill(`64\r\n${'x'.repeat(100)}\r\n`),
      3_000,
    ],
    413,
    /larger than 1000 bytes/,
  ],
  ['headers that are too large', [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`], 431, /headers/],
  ['what is no HTTP', ['\x16\x03\x01\x02\x00\x01\x00\r\n\r\n'], 400, /HTTP/],
  ['two lengths', ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'], 400, /HTTP/],
  [
    'a length and chunks',
    ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    400,
    /HTTP/,
  ],
])('%s: told why, and cut', async (_, pieces, status, says) => {
  const { answer, ms } = await speakRaw(await started(), pieces);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
  expect(answer).toMatch(says);
  expect(ms).toBeLessThan(2_500);
});

test('connections over the limit are told so and closed; when there is room again all is well', async () => {
  const url = await started();
  const port = Number(new URL(url).port);
  const idle = await Promise.all(
    Array.from({ length: limits.most }, async () => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      await new Promise((open) => socket.once('connect', open));
      return socket;
    }),
  );
  const { answer } = await speakRaw(url, [head(3), 'abc']);
  expect(answer).toMatch(/^HTTP\/1\.1 503 [\s\S]*too many connections/);
  expect(answer.toLowerCase()).toContain('retry-after: 5');
  for (const socket of idle) socket.destroy();
  await new Promise((next) => setTimeout(next, 50));
  expect(await (await fetch(url, { method: 'POST', body: 'abc' })).text()).toBe('read 3');
});
