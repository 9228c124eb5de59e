import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface S3Account {
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** As much of Amazon S3 as a vault uses, path style: PUT, GET, HEAD and DELETE of objects. Signatures (SigV4) are checked. */
export async function startS3Server(account: S3Account) {
  const objects = new Map<string, { bytes: Buffer; contentType: string }>();
  const seen: { method: string; key: string; status: number }[] = [];
  let failures = 0;
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const { pathname } = new URL(request.url ?? '/', 'http://s3');
    const [, bucket, ...rest] = pathname.split('/');
    const key = decodeURIComponent(rest.join('/'));
    response.on('finish', () => seen.push({ method: request.method ?? '', key, status: response.statusCode }));
    const wrong = refusal(request, body, account);
    if (wrong) return answer(response, 403, wrong);
    if (failures > 0) {
      failures -= 1;
      return answer(response, 503, 'SlowDown');
    }
    if (bucket !== account.bucket) return answer(response, 404, 'NoSuchBucket');
    if (request.headers['x-amz-acl']) return answer(response, 400, 'AccessControlListNotSupported');
    return serve(request, response, key, body);
  });

  function serve(request: IncomingMessage, response: ServerResponse, key: string, body: Buffer): void {
    const there = objects.get(key);
    if (request.method === 'PUT') {
      objects.set(key, { bytes: body, contentType: request.headers['content-type'] ?? '' });
      response.writeHead(200, { etag: `"${createHash('md5').update(body).digest('hex')}"` }).end();
    } else if (request.method === 'DELETE') {
      objects.delete(key);
      response.writeHead(204).end();
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      answer(response, 405, 'MethodNotAllowed');
    } else if (!there) {
      answer(response, 404, 'NoSuchKey');
    } else {
      response.writeHead(200, { 'content-type': there.contentType, 'content-length': there.bytes.length });
      response.end(request.method === 'HEAD' ? undefined : there.bytes);
    }
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    seen,
    /** Answers the next `times` requests with 503. */
    fail: (times: number) => {
      failures = times;
    },
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** What is wrong with a request's signature (AWS Signature Version 4), or undefined. */
function refusal(request: IncomingMessage, body: Buffer, account: S3Account): string | undefined {
  const parts = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
    request.headers.authorization ?? '',
  );
  if (!parts) return 'AccessDenied';
  const [, credential = '', signedHeaders = '', signature] = parts;
  const date = String(request.headers['x-amz-date'] ?? '');
  const scope = `${date.slice(0, 8)}/${account.region}/s3/aws4_request`;
  if (credential !== `${account.accessKeyId}/${scope}`) return 'InvalidAccessKeyId';
  const told = String(request.headers['x-amz-content-sha256'] ?? '');
  if (told !== 'UNSIGNED-PAYLOAD' && told !== sha256(body)) return 'XAmzContentSHA256Mismatch';
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://s3');
  const query = [...searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const headers = signedHeaders.split(';').map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`);
  const canonical = [request.method, pathname, query, headers.join(''), signedHeaders, told].join('\n');
  const day = hmac(`AWS4${account.secretAccessKey}`, date.slice(0, 8));
  const key = hmac(hmac(hmac(day, account.region), 's3'), 'aws4_request');
  const expected = hmac(key, ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')).toString('hex');
  return expected === signature ? undefined : 'SignatureDoesNotMatch';
}
