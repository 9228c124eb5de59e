import { createHmac, timingSafeEqual } from 'node:crypto';
import { fdatasync, openSync, writev } from 'node:fs';
import http from 'node:http';

/**
 * What the door is measured against: `node:http` that checks the HMAC, and one that also appends each body to an fsynced
 * file in group commit. A process of its own: `bare-server.ts PORT SECRET [FILE]`.
 */
const [port, secret, file] = process.argv.slice(2);
const append = file ? groupCommit(openSync(file, 'a')) : () => Promise.resolve();

http
  .createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', async () => {
      const body = Buffer.concat(pieces);
      const expected = Buffer.from(`sha256=${createHmac('sha256', secret!).update(body).digest('hex')}`);
      const given = Buffer.from(String(request.headers['x-hub-signature-256']));
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return response.writeHead(401).end();
      JSON.parse(body.toString());
      await append(body);
      return response.end('EVENT_RECEIVED');
    });
  })
  .listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));

function groupCommit(fd: number): (body: Buffer) => Promise<void> {
  let waiting: { body: Buffer; done: () => void }[] = [];
  let busy = false;
  const commit = () => {
    if (busy || waiting.length === 0) return;
    busy = true;
    const batch = waiting;
    waiting = [];
    writev(
      fd,
      batch.map(({ body }) => body),
      () =>
        fdatasync(fd, () => {
          busy = false;
          for (const { done } of batch) done();
          commit();
        }),
    );
  };
  return (body) =>
    new Promise((done) => {
      waiting.push({ body, done });
      commit();
    });
}
