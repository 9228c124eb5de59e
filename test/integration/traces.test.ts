import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keptLog } from '../support/kept-log.ts';
import { envelope, item, signed } from '../support/meta-webhook.ts';
import { type Product, startProduct } from '../support/product.ts';
import { type CollectedSpan, startTraceCollector, type TraceCollector } from '../support/trace-collector.ts';
import { until } from '../support/until.ts';

const host = '127.0.0.1';

function tracesOf(spans: readonly CollectedSpan[]): CollectedSpan[][] {
  return [...Map.groupBy(spans, ({ traceId }) => traceId).values()];
}
const namesIn = (spans: readonly CollectedSpan[]) => new Set(spans.map(({ name }) => name));
const callsUnder = (spans: readonly CollectedSpan[], step: CollectedSpan) =>
  spans.filter(({ parentSpanId, kind }) => parentSpanId === step.spanId && kind === 3);

describe('with a collector', () => {
  let collector: TraceCollector;
  let product: Product;
  let address: string;
  const log = keptLog();
  beforeAll(async () => {
    collector = await startTraceCollector();
    process.env['OTEL_EXPORTER_OTLP_HEADERS'] = 'authorization=Bearer%20collector-key';
    process.env['OTEL_SERVICE_NAME'] = 'acme-chats';
    const settings = { telemetry: { traces: { url: collector.url } } };
    product = await startProduct({ settings, log });
    address = product.url;
  });
  afterAll(async () => {
    await product?.stop();
    await collector?.close();
    delete process.env['OTEL_EXPORTER_OTLP_HEADERS'];
    delete process.env['OTEL_SERVICE_NAME'];
  });

  const ticketOf = (psid: string) =>
    product.zendesk.tickets().find(({ requester }) => requester.externalId?.endsWith(psid));

  /** The trace that has all these steps. */
  const traceWith = (...steps: string[]) =>
    until(`a trace with ${steps}`, () =>
      tracesOf(collector.spans()).find((spans) => steps.every((step) => namesIn(spans).has(step))),
    );

  test('one trace leads from the webhook to the calls of Zendesk and Salesforce', async () => {
    const { messenger, zendesk, salesforce } = product;
    messenger.addCustomer({ psid: '7001', name: 'CANARYname' });
    await messenger.customerSends('7001', { type: 'file', files: [picture], text: 'CANARYquestion' });
    await until('history', () => salesforce.records('Task')[0]);
    await until('the picture', () => zendesk.tickets()[0]?.comments[0]?.attachments[0]);
    const spans = await traceWith('webhook', 'commit', 'apply', 'files', 'ticket', 'history');

    const step = (name: string) => spans.find((span) => span.name === name)!;
    expect(step('webhook').parentSpanId ?? '').toBe('');
    for (const name of ['commit', 'apply', 'files', 'ticket', 'history'])
      expect(step(name).parentSpanId).toBe(step('webhook').spanId);
    const toZendesk = callsUnder(spans, step('ticket')).filter(({ name }) => name === 'POST');
    expect(toZendesk.map(({ attributes }) => attributes)).toContainEqual({
      'http.request.method': 'POST',
      'server.address': host,
      'http.response.status_code': 201,
    });
    expect(callsUnder(spans, step('history')).length).toBeGreaterThan(0);
    for (const { startedAt, endedAt } of spans) expect(endedAt).toBeGreaterThanOrEqual(startedAt);
  });

  test('an agent’s answer is a trace of its own, from the ticket to the chat', async () => {
    const [ticket] = product.zendesk.tickets();
    await product.zendesk.agentComments(ticket!.id, { text: 'CANARYanswer', public: true });
    const spans = await traceWith('collect', 'send');
    const [collect, send] = ['collect', 'send'].map((name) => spans.find((span) => span.name === name)!);
    expect(collect!.parentSpanId ?? '').toBe('');
    expect(send!.parentSpanId).toBe(collect!.spanId);
    expect(callsUnder(spans, send!).some(({ name }) => name === 'POST')).toBe(true);
  });

  test('what is written together with others says where the calls are shown', async () => {
    const before = collector.spans().length;
    product.messenger.addCustomer({ psid: '7002', name: 'Two' });
    await Promise.all(
      ['one', 'two', 'three'].map((text) => product.messenger.customerSends('7002', { type: 'text', text })),
    );
    const links = await until('links', () => {
      const found = collector
        .spans()
        .slice(before)
        .filter(({ name, links }) => name === 'ticket' && links.length > 0);
      return found.length > 0 && found;
    });
    const carriers = new Set(collector.spans().map(({ spanId }) => spanId));
    for (const {
      links: [link],
    } of links)
      expect(carriers).toContain(link!.spanId);
  });

  test('a journey goes on in the same trace after a restart, and a failed call is shown as one', async () => {
    const { zendesk, messenger } = product;
    zendesk.inject({ kind: '500', method: 'POST', path: '/api/v2/tickets', times: 1_000 });
    messenger.addCustomer({ psid: '7003', name: 'Three' });
    await messenger.customerSends('7003', { type: 'text', text: 'CANARYpatience' });
    const failed = await until('a failed call', () =>
      collector.spans().find(({ attributes }) => attributes['http.response.status_code'] === 500),
    );
    expect(failed).toMatchObject({ status: 2, attributes: { 'error.type': '500' } });
    await product.stopService();
    zendesk.clearFaults();
    address = await product.startAgain();
    const goodCall = await until('the call after the restart', () =>
      collector
        .spans()
        .find((span) => span.traceId === failed.traceId && span.attributes['http.response.status_code'] === 201),
    );
    const trace = collector.spans().filter(({ traceId }) => traceId === goodCall.traceId);
    expect(trace.filter(({ name }) => name === 'webhook')).toHaveLength(1);
    expect(namesIn(trace)).toContain('ticket');
  });

  test('a repeated webhook does not begin its journey a second time', async () => {
    const body = envelope([item('7004', 'twice')]);
    const url = `${address}/webhooks/messenger/acme-page`;
    for (let i = 0; i < 2; i++) expect((await fetch(url, signed(body))).status).toBe(200);
    await until('the ticket', () => ticketOf('7004'));
    const beginnings = collector.spans().filter(({ name }) => name === 'webhook');
    expect(new Set(beginnings.map(({ traceId }) => traceId)).size).toBe(beginnings.length);
  });

  test('the collector’s key and another name for the service are taken from OpenTelemetry’s own variables', () => {
    expect(collector.headers.map(({ authorization }) => authorization)).toContain('Bearer collector-key');
    expect(collector.bodies[0]).toContain('"acme-chats"');
  });

  test('no word, name, file, token, id or path of anybody is in a span', () => {
    // Times and ids of spans are digits, too, and hold any short number now and then.
    const all = collector.bodies.join('\n').replace(/"(?:\w+TimeUnixNano|\w*[tT]raceId|\w*[sS]panId)":"\w+"/g, '');
    expect(collector.spans().length).toBeGreaterThan(20);
    for (const secret of ['CANARY', 'PAGE-TOKEN-1', 'app-secret-1', 'zd-secret', 'sf-secret', 'Bearer'])
      expect(all).not.toContain(secret);
    for (const telling of ['7001', '7003', '/api/v2', '?', 'appsecret_proof', 'external_id'])
      expect(all).not.toContain(telling);
    const known = new Set(['http.request.method', 'server.address', 'http.response.status_code', 'error.type']);
    for (const { attributes } of collector.spans())
      for (const name of Object.keys(attributes)) expect(known).toContain(name);
  });

  test('a collector that takes nothing is told to the operator, and hinders nobody', async () => {
    collector.refuse(true);
    product.messenger.addCustomer({ psid: '7005', name: 'Five' });
    await product.messenger.customerSends('7005', { type: 'text', text: 'still there?' });
    await until('the ticket', () => ticketOf('7005'));
    await until('a line', () => log.lines.some(({ event }) => event === 'traces.not-sent'));
    collector.refuse(false);
  });
});

const picture = { name: 'CANARYpicture.png', contentType: 'image/png', bytes: Buffer.from('89504e470d0a1a0a', 'hex') };

test('of a sample of none, nothing is told', async () => {
  const collector = await startTraceCollector();
  const product = await startProduct({ settings: { telemetry: { traces: { url: collector.url, sample: 0 } } } });
  product.messenger.addCustomer({ psid: '7006', name: 'Six' });
  await product.messenger.customerSends('7006', { type: 'text', text: 'quietly' });
  await until('history', () => product.salesforce.records('Task')[0]);
  await product.stop();
  expect(collector.bodies).toEqual([]);
  await collector.close();
});

test('what makes traces is loaded by one module alone, and that one only on demand', () => {
  const src = join(import.meta.dirname, '../../src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const importing = (pattern: RegExp) => files.filter((name) => pattern.test(readFileSync(join(src, name), 'utf8')));
  expect(importing(/from '@opentelemetry\//)).toEqual(['kit/open-telemetry.ts']);
  expect(importing(/^import (?!type).*open-telemetry\.ts'/m)).toEqual([]);
  expect(importing(/await import\('\.\/open-telemetry\.ts'\)/)).toEqual(['kit/watched-tools.ts']);
});
