import { expect, test } from '@jest/globals';
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
  expect([figures.ready, total(figures.events)]).toEqual([false, 0]);
});
