import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

// The dashboard and the alert rules for operators must speak of metrics that are there.

const docs = join(import.meta.dirname, '../docs');
const read = (path: string) => readFileSync(join(docs, path), 'utf8');

interface Documented {
  type: string;
  labels: string[];
}
const documented = new Map<string, Documented>(
  [...read('reference/metrics.md').matchAll(/^\| `(passerelle_\w+)` \| (\w+) \| ([^|]*) \|/gm)].map(
    ([, name = '', type = '', labels = '']) => [
      name,
      { type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label) },
    ],
  ),
);

const registry = new Registry();
collectDefaultMetrics({ register: registry });
const ofTheProcess = new Set(registry.getMetricsAsArray().map(({ name }) => name));

const metricsIn = (expr: string) => [...new Set(expr.match(/\b(?:passerelle|process|nodejs)_\w+/g) ?? [])];

/** What a metric of an expression belongs to; undefined if there is no such thing. A histogram is asked by its parts. */
function metricOf(name: string): string | undefined {
  if (ofTheProcess.has(name)) return name;
  const whole = documented.get(name);
  if (whole && whole.type !== 'histogram') return name;
  const base = name.replace(/_(?:bucket|count|sum)$/, '');
  return base !== name && documented.get(base)?.type === 'histogram' ? base : undefined;
}

/** Labels by which an expression groups, selects or names. */
function labelsIn(expr: string, said = ''): string[] {
  const groups = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(/,\s*/));
  const selected = [...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, text = '']) =>
    [...text.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, name = '']) => name),
  );
  const named = [...said.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, name = '']) => name);
  return [...groups, ...selected, ...named];
}

function faultsOf(expr: string, said = ''): string[] {
  const names = metricsIn(expr);
  const known = new Set([
    'le',
    'instance',
    ...names.flatMap((name) => documented.get(metricOf(name) ?? '')?.labels ?? []),
  ]);
  return [
    ...(names.length === 0 ? ['names no metric'] : []),
    ...names.filter((name) => !metricOf(name)).map((name) => `there is no metric ${name}`),
    ...labelsIn(expr, said)
      .filter((label) => !known.has(label))
      .map((label) => `no metric of it has the label ${label}`),
    ...(balanced(expr) ? [] : ['brackets do not match']),
  ];
}

function balanced(expr: string): boolean {
  const open: string[] = [];
  const pairs: Record<string, string> = { ')': '(', '}': '{', ']': '[' };
  for (const letter of expr) {
    if ('({['.includes(letter)) open.push(letter);
    else if (letter in pairs && open.pop() !== pairs[letter]) return false;
  }
  return open.length === 0;
}

interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { type: string; uid: string };
  targets?: { expr: string; legendFormat: string; refId: string }[];
}

describe('the dashboard', () => {
  const dashboard = JSON.parse(read('operations/grafana-dashboard.json')) as {
    title: string;
    uid: string;
    schemaVersion: number;
    __inputs: { name: string; pluginId: string }[];
    panels: Panel[];
  };
  const charts = dashboard.panels.filter(({ type }) => type !== 'row');

  test('asks for the data source when it is imported, and every panel uses that one', () => {
    expect(dashboard).toMatchObject({ title: 'Passerelle', uid: 'passerelle', schemaVersion: expect.any(Number) });
    expect(dashboard.__inputs).toMatchObject([{ name: 'DS_PROMETHEUS', pluginId: 'prometheus' }]);
    for (const { datasource } of charts) {
      expect(datasource?.type).toBe('prometheus');
      expect(datasource?.uid).toMatch(/^\$\{DS_PROMETHEUS\}$/);
    }
  });

  test('no two panels have an id, or a place, in common, and each says what it shows', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    for (const [i, a] of dashboard.panels.entries())
      for (const b of dashboard.panels.slice(i + 1))
        if (overlap(a.gridPos, b.gridPos)) throw new Error(`${a.title} lies over ${b.title}`);
    for (const { description } of charts) expect(description).toMatch(/\.$/);
  });

  test.each(charts.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target }))))(
    '$title, $refId: its metrics and labels are there',
    ({ expr, legendFormat }) => expect(faultsOf(expr, legendFormat)).toEqual([]),
  );

  test('shows every metric there is', () => {
    const shown = charts.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => metricsIn(expr).map(metricOf)));
    expect([...documented.keys()].filter((name) => !shown.includes(name))).toEqual([]);
  });
});

const overlap = (a: Panel['gridPos'], b: Panel['gridPos']) =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; action: string };
}

describe('the alert rules', () => {
  const { groups } = parse(read('operations/alert-rules.yaml')) as { groups: { name: string; rules: Rule[] }[] };
  const rules = groups.flatMap((group) => group.rules);

  test('are for Prometheus, each with a name of its own', () => {
    expect(groups.map(({ name }) => name)).toEqual(['passerelle']);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    expect(rules.length).toBeGreaterThan(10);
  });

  test.each(rules)('$alert: its metrics and labels are there, and it says what to do', (rule) => {
    const { summary, action } = rule.annotations;
    expect(faultsOf(rule.expr, `${summary} ${action}`)).toEqual([]);
    expect(summary).toMatch(/\.$/);
    expect(action.length).toBeGreaterThan(60);
    expect(['page', 'warn']).toContain(rule.labels.severity);
    expect(rule.for ?? '1m').toMatch(/^\d+[mh]$/);
    expect(Object.keys(rule).filter((key) => !['alert', 'expr', 'for', 'labels', 'annotations'].includes(key))).toEqual(
      [],
    );
  });
});

describe('these checks see what they should', () => {
  test.each([
    ['max(passerelle_backlogs)', 'there is no metric passerelle_backlogs'],
    ['max(passerelle_door_seconds)', 'there is no metric passerelle_door_seconds'],
    ['max by (customer) (passerelle_backlog)', 'no metric of it has the label customer'],
    ['passerelle_backlog{page="1"}', 'no metric of it has the label page'],
    ['max(passerelle_backlog', 'brackets do not match'],
    ['up == 0', 'names no metric'],
  ])('%s', (expr, fault) => expect(faultsOf(expr)).toEqual([fault]));
});
