import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { parseMetrics, readFigures, total } from './metrics.ts';

test('reads samples with their labels, and leaves out comments and buckets', () => {
  const text = [
    '# HELP passerelle_backlog Messages that wait.',
    'passerelle_backlog{target="crm:a"} 3',
    'passerelle_door_seconds_bucket{le="0.1"} 9',
    'odd{name="a \\"quoted\\", one",other="x"} 1.5',
    'process_resident_memory_bytes 123000000',
  ].join('\n');
  expect(parseMetrics(text)).toEqual([
    { name: 'passerelle_backlog', labels: { target: 'crm:a' }, value: 3 },
    { name: 'odd', labels: { name: 'a \\"quoted\\", one', other: 'x' }, value: 1.5 },
    { name: 'process_resident_memory_bytes', labels: {}, value: 123_000_000 },
  ]);
});

test('a service that does not answer is not ready', async () => {
  const figures = await readFigures('http://127.0.0.1:1');
  expect([figures.ready, total(figures.backlog), figures.events]).toEqual([false, 0, {}]);
});

test('events are told by channel and outcome', async () => {
  const text = [
    'passerelle_events_total{channel="one",type="message",outcome="taken"} 2',
    'passerelle_events_total{channel="one",type="receipt",outcome="taken"} 3',
    'passerelle_events_total{channel="other",type="message",outcome="repeat"} 1',
  ].join('\n');
  const server = createServer((_, response) => response.end(text));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { events, ready } = await readFigures(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect([events, ready]).toEqual([{ one: { taken: 5 }, other: { repeat: 1 } }, true]);
  server.close();
});
