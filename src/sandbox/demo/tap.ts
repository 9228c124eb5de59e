import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What went through: one webhook, with the events counted in its body. */
export interface TappedWebhook {
  at: Date;
  path: string;
  events: number;
  status: number | 'none';
  ms: number;
}

/** A pipe between the simulators and the service that counts what passes, and changes not a byte. */
export interface Tap {
  url: string;
  webhooks: readonly TappedWebhook[];
  /** Events in the webhooks to this path that the service answered with 200: what it took upon itself. Of Meta's webhooks only. */
  accepted(path: string): number;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Opens a tap in front of `target`, a URL without a path. */
export async function startTap(target: string): Promise<Tap> {
  const webhooks: TappedWebhook[] = [];
  const listeners = new Set<() => void>();
  const accepted = new Map<string, number>();
  const server = createServer(async (incoming, response) => {
    const began = Date.now();
    const body = await bytesOf(incoming);
    const events = countEvents(body);
    const status = await passOn(target, incoming, body, response);
    // What platforms fetch from the service goes this way too.
    if (incoming.method !== 'POST') return;
    const path = incoming.url ?? '/';
    if (status === 200) accepted.set(path, (accepted.get(path) ?? 0) + events);
    webhooks.push({ at: new Date(began), path, events, status, ms: Date.now() - began });
    if (webhooks.length > 2_000) webhooks.splice(0, 1_000);
    for (const listener of listeners) listener();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    webhooks,
    accepted: (path) => accepted.get(path) ?? 0,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Items in all lists of all entries of a Meta webhook. */
export function countEvents(body: Buffer): number {
  const { entry } = parsed(body) as { entry?: Record<string, unknown>[] };
  if (!Array.isArray(entry)) return 0;
  const lists = entry.flatMap((e) => [e?.['messaging'], e?.['standby'], e?.['changes']]);
  return lists.reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0);
}

function parsed(body: Buffer): object {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The service's answer goes back as it came; none at all becomes a broken connection, as it would without the tap. */
function passOn(
  target: string,
  incoming: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<number | 'none'> {
  return new Promise((resolve) => {
    const { method, headers, url } = incoming;
    const onward = request(`${target}${url}`, { method, headers, timeout: 30_000 } as object, async (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.end(await bytesOf(answer));
      resolve(answer.statusCode ?? 'none');
    });
    onward.once('timeout', () => onward.destroy());
    onward.once('error', () => {
      response.destroy();
      resolve('none');
    });
    onward.end(body);
  });
}
