// Takes webhooks of Passerelle, signed as Standard Webhooks says. Wants SHOP_WEBHOOK_SECRET.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';

const secret = process.env['SHOP_WEBHOOK_SECRET'] ?? '';
const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
const seen = new Set<string>();

function isOurs(headers: IncomingHttpHeaders, body: string): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': given } = headers;
  if (Math.abs(Date.now() / 1000 - Number(at)) > 300) return false;
  const expected = Buffer.from(createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64'));
  return String(given)
    .split(' ')
    .map((each) => Buffer.from(each.replace(/^v1,/, '')))
    .some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected));
}

const server = createServer(async (request, response) => {
  let body = '';
  for await (const piece of request.setEncoding('utf8')) body += piece;
  if (!isOurs(request.headers, body)) return void response.writeHead(401).end();
  const { id, type, data } = JSON.parse(body) as { id: string; type: string; data: object };
  // What was not answered in time comes again, under the same id.
  if (!seen.has(id)) console.log(type, JSON.stringify(data));
  seen.add(id);
  response.writeHead(204).end();
});
server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => console.log('listening', (server.address() as { port: number }).port));
