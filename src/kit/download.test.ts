import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DownloadOptions, makeDownload } from './download.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

const routes: Record<string, RequestListener> = {
  '/photo.png': (_, response) => response.setHeader('content-type', 'text/plain').end(png),
  '/notes.txt': (_, response) => response.setHeader('content-type', 'Text/Plain; charset=utf-8').end('hello'),
  '/untyped': (_, response) => response.setHeader('content-type', 'nonsense').end('hello'),
  '/named': (_, response) => response.setHeader('content-disposition', 'attachment; filename="a b.pdf"').end('hello'),
  '/gzip.txt': (_, response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('hello')),
  '/bomb': (_, response) => response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(100_000))),
  '/broken-gzip': (_, response) => response.setHeader('content-encoding', 'gzip').end('hello'),
  '/empty': (_, response) => response.end(),
  '/big-told': (_, response) => response.setHeader('content-length', 100_000).end(Buffer.alloc(100_000)),
  '/big-untold': (_, response) => {
    response.write(Buffer.alloc(60_000));
    response.end(Buffer.alloc(60_000));
  },
  '/cut': (_, response) => {
    response.setHeader('content-length', 1000).write('hello');
    setTimeout(() => response.destroy(), 20);
  },
  '/silent': () => {},
  '/drip': (_, response) => {
    const dripping = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(dripping));
  },
  '/loop': (_, response) => response.writeHead(302, { location: '/loop' }).end(),
  '/to-photo': (_, response) => response.writeHead(302, { location: '/photo.png' }).end(),
  '/to-private': (_, response) => response.writeHead(302, { location: 'http://10.0.0.1/secret' }).end(),
  '/to-loopback-name': (_, response) => response.writeHead(301, { location: 'http://localhost:1/' }).end(),
  '/to-metadata': (_, response) => response.writeHead(307, { location: 'http://169.254.169.254/latest' }).end(),
  '/to-file': (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/busy': (_, response) => response.writeHead(503, { 'retry-after': '7' }).end(),
  '/busy-for-ages': (_, response) => response.writeHead(429, { 'retry-after': '999999' }).end(),
  '/page.png': (_, response) => response.setHeader('content-type', 'image/png').end('<!DOCTYPE html><p>'),
  '/to-inner': (_, response) => response.writeHead(302, { location: 'http://inner.example/' }).end(),
  '/to-other-and-back': (_, response) => response.writeHead(302, { location: `${other.url}/back` }).end(),
  '/back': (_, response) => response.writeHead(302, { location: `${home.url}/photo.png` }).end(),
  '/to-other': (_, response) => response.writeHead(302, { location: `${other.url}/photo.png` }).end(),
};

const served = (request: IncomingMessage) => routes[request.url ?? ''];

function listening(): Promise<{ server: Server; url: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    const status = /^\/status\/(\d+)$/.exec(request.url ?? '')?.[1];
    if (status) response.writeHead(Number(status)).end('no');
    else (served(request) ?? (() => response.writeHead(404).end()))(request, response);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ server, seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    });
  });
}

let home: Awaited<ReturnType<typeof listening>>;
let other: Awaited<ReturnType<typeof listening>>;
beforeAll(async () => {
  [home, other] = await Promise.all([listening(), listening()]);
});
afterAll(() => {
  for (const { server } of [home, other]) {
    server.close();
    server.closeAllConnections();
  }
});

const download = (url: string, options: Partial<DownloadOptions> = {}) =>
  makeDownload({ allowedHosts: ['127.0.0.1'], maxBytes: 50_000, timeoutMs: 400, ...options })(url);

test.each([
  ['/photo.png', { bytes: png, contentType: 'image/png', name: 'photo.png' }],
  ['/notes.txt', { bytes: Buffer.from('hello'), contentType: 'text/plain', name: 'notes.txt' }],
  ['/untyped', { bytes: Buffer.from('hello'), contentType: 'application/octet-stream', name: 'untyped' }],
  ['/named', { bytes: Buffer.from('hello'), contentType: 'application/octet-stream', name: 'a b.pdf' }],
  ['/gzip.txt', { bytes: Buffer.from('hello'), contentType: 'application/octet-stream', name: 'gzip.txt' }],
  ['/empty', { bytes: Buffer.alloc(0), contentType: 'application/octet-stream', name: 'empty' }],
  ['/page.png', { bytes: Buffer.from('<!DOCTYPE html><p>'), contentType: 'text/html', name: 'page.png' }],
  ['/to-photo', { bytes: png, contentType: 'image/png', name: 'photo.png' }],
])('fetches %s', async (path, value) => {
  expect(await download(home.url + path)).toEqual({ result: 'done', value });
});

test.each([
  ['/status/404', 'never', 'http-404'],
  ['/status/410', 'never', 'http-410'],
  ['/status/403', 'never', 'http-403'],
  ['/status/400', 'never', 'http-400'],
  ['/status/304', 'never', 'http-304'],
  ['/status/500', 'later', undefined],
  ['/status/503', 'later', undefined],
  ['/status/429', 'later', undefined],
  ['/big-told', 'never', 'too-large'],
  ['/big-untold', 'never', 'too-large'],
  ['/bomb', 'never', 'too-large'],
  ['/broken-gzip', 'later', undefined],
  ['/cut', 'later', undefined],
  ['/silent', 'later', undefined],
  ['/drip', 'later', undefined],
  ['/loop', 'never', 'redirects'],
  ['/to-private', 'never', 'forbidden-address'],
  ['/to-loopback-name', 'never', 'forbidden-address'],
  ['/to-metadata', 'never', 'forbidden-address'],
  ['/to-file', 'never', 'bad-address'],
])('%s ends as %s (%j), and the reason names no address', async (path, result, code) => {
  const outcome = await download(home.url + path);
  expect(outcome).toMatchObject(code ? { result, code } : { result });
  expect(outcome).toEqual(
    expect.objectContaining({ why: expect.not.stringMatching(/https?:|\d+\.\d+\.\d+|localhost/) }),
  );
});

test.each([
  ['http://127.0.0.1/', 'forbidden-address'],
  ['http://[::1]/', 'forbidden-address'],
  ['http://[::ffff:127.0.0.1]/', 'forbidden-address'],
  ['http://2130706433/', 'forbidden-address'],
  ['http://0x7f.1/', 'forbidden-address'],
  ['http://0177.0.0.1/', 'forbidden-address'],
  ['http://127.1/', 'forbidden-address'],
  ['http://localhost/', 'forbidden-address'],
  ['http://169.254.169.254/latest/meta-data', 'forbidden-address'],
  ['http://[fd00::1]/', 'forbidden-address'],
  ['http://[64:ff9b::7f00:1]/', 'forbidden-address'],
  ['ftp://files.example/a', 'bad-address'],
  ['file:///etc/passwd', 'bad-address'],
  ['data:text/plain,hello', 'bad-address'],
  ['photo.png', 'bad-address'],
  ['', 'bad-address'],
])('without an exemption %j is refused', async (url, code) => {
  expect(await download(url, { allowedHosts: [] })).toMatchObject({ result: 'never', code });
});

test('a loopback server that runs is not reached by any spelling of its address', async () => {
  const { port } = new URL(home.url);
  const before = home.seen.length;
  for (const host of ['127.0.0.1', '2130706433', '[::ffff:127.0.0.1]', 'localhost'])
    expect(await download(`http://${host}:${port}/photo.png`, { allowedHosts: [] })).toMatchObject({ result: 'never' });
  expect(home.seen).toHaveLength(before);
});

test.each([
  ['/busy', 7_000],
  ['/busy-for-ages', 3_600_000],
])('%s: waits as long as the server says, within an hour', async (path, after) => {
  expect(await download(home.url + path)).toMatchObject({ result: 'later', after });
});

test('a redirect is resolved and checked anew: a name that points inside is refused', async () => {
  const { port } = new URL(home.url);
  const resolve = async (host: string) => [{ address: host === 'inner.example' ? '10.0.0.7' : '127.0.0.1', family: 4 }];
  const outcome = await download(`http://files.example:${port}/to-inner`, { resolve, allowedHosts: ['files.example'] });
  expect(outcome).toMatchObject({ result: 'never', code: 'forbidden-address' });
});

test('an exemption with a port is for that port alone', async () => {
  const allowedHosts = [new URL(home.url).host];
  expect(await download(`${home.url}/photo.png`, { allowedHosts })).toMatchObject({ result: 'done' });
  expect(await download(`${other.url}/photo.png`, { allowedHosts })).toMatchObject({ code: 'forbidden-address' });
  expect(await download(`${home.url}/to-other`, { allowedHosts })).toMatchObject({ code: 'forbidden-address' });
});

test('one private address among the answers of DNS is enough to refuse', async () => {
  const resolve = async () => [
    { address: '8.8.8.8', family: 4 },
    { address: '192.168.0.7', family: 4 },
  ];
  expect(await download('http://shop.example/', { resolve })).toMatchObject({ code: 'forbidden-address' });
});

test('a host is resolved once, and the connection goes where the check looked', async () => {
  const { port } = new URL(home.url);
  const asked: string[] = [];
  const resolve = async (host: string) => {
    asked.push(host);
    return [{ address: '127.0.0.1', family: 4 }];
  };
  const outcome = await download(`http://files.example:${port}/photo.png`, {
    resolve,
    allowedHosts: ['files.example'],
  });
  expect(outcome).toMatchObject({ result: 'done' });
  expect(asked).toEqual(['files.example']);
  expect(home.seen.at(-1)?.headers.host).toBe(`files.example:${port}`);
});

test.each([
  ['fails', async () => Promise.reject(Object.assign(new Error('no'), { code: 'EAI_AGAIN' })), 'EAI_AGAIN'],
  ['finds nothing', async () => [], 'ENOTFOUND'],
  ['hangs', () => new Promise<never>(() => {}), '0.4 s'],
])('a look-up that %s is for later', async (_, resolve, why) => {
  const outcome = await download('http://shop.example/', { resolve });
  expect(outcome).toEqual({ result: 'later', why: expect.stringContaining(why) });
});

test('a refused connection is for later', async () => {
  expect(await download('http://127.0.0.1:9/')).toEqual({
    result: 'later',
    why: 'the connection failed (ECONNREFUSED)',
  });
});

test("a call's headers stay with its own host", async () => {
  const fetch = makeDownload({ allowedHosts: ['127.0.0.1'], maxBytes: 50_000, timeoutMs: 400 });
  const headers = { authorization: 'Bearer token' };
  await fetch(`${home.url}/to-photo`, { headers });
  expect(home.seen.at(-1)).toMatchObject({ url: '/photo.png', headers });
  await fetch(`${home.url}/to-other`, { headers });
  expect(other.seen.at(-1)).toMatchObject({ url: '/photo.png' });
  expect(other.seen.at(-1)?.headers).not.toHaveProperty('authorization');
});

test('headers that were dropped on the way do not come back with a redirect home', async () => {
  const fetch = makeDownload({ allowedHosts: ['127.0.0.1'], maxBytes: 50_000, timeoutMs: 400 });
  await fetch(`${home.url}/to-other-and-back`, { headers: { authorization: 'Bearer token' } });
  expect(home.seen.at(-1)).toMatchObject({ url: '/photo.png' });
  expect(home.seen.at(-1)?.headers).not.toHaveProperty('authorization');
});

test('credentials in a URL are not sent', async () => {
  await download(home.url.replace('http://', 'http://user:pass@').concat('/photo.png'));
  expect(home.seen.at(-1)?.headers).not.toHaveProperty('authorization');
});

test('a call can tighten the limits, not loosen them', async () => {
  const fetch = makeDownload({ allowedHosts: ['127.0.0.1'], maxBytes: 50, timeoutMs: 400 });
  expect(await fetch(`${home.url}/photo.png`, { maxBytes: 1_000_000 })).toMatchObject({ code: 'too-large' });
  expect(await fetch(`${home.url}/notes.txt`, { maxBytes: 4 })).toMatchObject({ code: 'too-large' });
  expect(await fetch(`${home.url}/notes.txt`, { maxBytes: 5 })).toMatchObject({ result: 'done' });
  expect(await fetch(`${home.url}/silent`, { timeoutMs: 50 })).toEqual({
    result: 'later',
    why: 'it did not arrive within 0.05 s',
  });
});
