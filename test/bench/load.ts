import { createHmac } from 'node:crypto';
import http from 'node:http';

/** A load of signed single-message webhooks. Run as a process of its own, so that it does not share the service's thread. */
export interface Load {
  /** Each connection keeps to one of several, as behind a load balancer that spreads connections. */
  url: string | string[];
  secret: string;
  pageId: string;
  connections: number;
  seconds: number;
  /** Messages are spread over this many customers. */
  customers: number;
  /** Ends after so many messages, if that is sooner. */
  most?: number;
  /** The number of the first message. */
  from?: number;
  /** Between two messages on one connection, in milliseconds. */
  pauseMs?: number;
}

export interface LoadResult {
  answered: number;
  /** Answers other than 200, and connections that failed. */
  failed: number;
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  max: number;
}

async function run(load: Load): Promise<LoadResult> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: load.connections });
  const times: number[] = [];
  let failed = 0;
  let sent = 0;
  const end = performance.now() + load.seconds * 1000;
  const startedAt = performance.now();
  const urls = [load.url].flat();
  const worker = async (_: unknown, n: number) => {
    const url = urls[n % urls.length]!;
    while (performance.now() < end && sent < (load.most ?? Number.POSITIVE_INFINITY)) {
      const before = performance.now();
      const status = await post(load, url, agent, (load.from ?? 0) + sent++);
      if (status === 200) times.push(performance.now() - before);
      else failed++;
      if (load.pauseMs) await new Promise((next) => setTimeout(next, load.pauseMs));
    }
  };
  await Promise.all(Array.from({ length: load.connections }, worker));
  const took = (performance.now() - startedAt) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { answered: times.length, failed, perSecond: times.length / took, p50: at(0.5), p99: at(0.99), max: at(1) };
}

const run1 = process.pid.toString(36);

function post(load: Load, url: string, agent: http.Agent, n: number): Promise<number> {
  const body = Buffer.from(webhook(load, n));
  const signature = createHmac('sha256', load.secret).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'content-length': body.length,
    'x-hub-signature-256': `sha256=${signature}`,
  };
  return new Promise((resolve) => {
    const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', () => resolve(0));
    request.end(body);
  });
}

function webhook({ pageId, customers }: Load, n: number): string {
  const at = Date.now();
  const psid = String(10_000 + (n % customers));
  const message = { mid: `m_${run1}_${n}`, text: `Message ${n}: is my order on its way? Gr\\u00fc\\u00dfe` };
  const item = { sender: { id: psid }, recipient: { id: pageId }, timestamp: at, message };
  return JSON.stringify({ object: 'page', entry: [{ id: pageId, time: at, messaging: [item] }] });
}

if (process.argv[2]) process.stdout.write(JSON.stringify(await run(JSON.parse(process.argv[2]) as Load)));
