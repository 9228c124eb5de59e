import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** 3 is a client's: a call outside. */
  kind: number;
  links: { traceId: string; spanId: string }[];
  attributes: Record<string, string | number>;
  /** 2 is an error. */
  status: number;
  startedAt: number;
  endedAt: number;
}

export type TraceCollector = Awaited<ReturnType<typeof startTraceCollector>>;

/** What an OpenTelemetry collector is to those who send to it: `POST /v1/traces` with OTLP in JSON. */
export async function startTraceCollector() {
  const bodies: string[] = [];
  const headers: Record<string, unknown>[] = [];
  let refuses = false;
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      const fits = request.method === 'POST' && request.url === '/v1/traces';
      if (fits && !refuses) {
        bodies.push(Buffer.concat(pieces).toString());
        headers.push(request.headers);
      }
      response.writeHead(refuses ? 400 : fits ? 200 : 404, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Everything that was sent, to the letter. */
    bodies,
    headers,
    refuse: (on: boolean) => {
      refuses = on;
    },
    spans: () => bodies.flatMap(spansIn),
    close: () => new Promise((done) => server.close(done).closeAllConnections()),
  };
}

interface WireSpan extends Pick<CollectedSpan, 'traceId' | 'spanId' | 'parentSpanId' | 'name' | 'kind'> {
  attributes?: { key: string; value: { stringValue?: string; intValue?: number | string } }[];
  links?: CollectedSpan['links'];
  status?: { code?: number };
  startTimeUnixNano: string;
  endTimeUnixNano: string;
}

function spansIn(body: string): CollectedSpan[] {
  const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: WireSpan[] }[] }[] };
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(readable)));
}

const readable = ({ attributes = [], links = [], status, startTimeUnixNano, endTimeUnixNano, ...rest }: WireSpan) => ({
  ...rest,
  links,
  status: status?.code ?? 0,
  startedAt: Number(startTimeUnixNano) / 1e6,
  endedAt: Number(endTimeUnixNano) / 1e6,
  attributes: Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]),
  ),
});
