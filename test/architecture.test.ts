import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import * as registry from '../src/channels/registry.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const contracts = ['channels/channel.ts', 'helpdesks/helpdesk.ts', 'helpdesks/called.ts', 'crms/crm.ts'];

/**
 * Who may import what of ours. A folder may always import itself; `x/*` are the folders in x, each of which is on its own.
 * The first line that fits a file is its rule. npm packages and Node's modules are free.
 */
const mayImport: Record<string, { imports: string[]; typesOf?: string[] }> = {
  'main.ts': { imports: ['*'] },
  main: { imports: ['*'] },
  'channels/registry.ts': { imports: ['channels/*'] },
  'helpdesks/registry.ts': { imports: ['helpdesks/*'] },
  'crms/registry.ts': { imports: ['crms/*'] },
  'channels/channel.ts': { imports: ['domain', 'kit'] },
  'helpdesks/helpdesk.ts': { imports: ['domain', 'kit', 'helpdesks/called.ts'] },
  'helpdesks/called.ts': { imports: ['domain', 'kit'] },
  'crms/crm.ts': { imports: ['domain', 'kit'] },
  'channels/shared': { imports: ['domain', 'kit', 'channels/channel.ts'] },
  'channels/*': { imports: ['domain', 'kit', 'channels/channel.ts', 'channels/shared'] },
  // Both of Salesforce's work on an org, by one client.
  'helpdesks/salesforce': {
    imports: ['domain', 'kit', 'helpdesks/helpdesk.ts', 'helpdesks/called.ts', 'salesforce'],
  },
  'crms/salesforce': { imports: ['domain', 'kit', 'crms/crm.ts', 'salesforce'] },
  'helpdesks/*': { imports: ['domain', 'kit', 'helpdesks/helpdesk.ts', 'helpdesks/called.ts'] },
  'crms/*': { imports: ['domain', 'kit', 'crms/crm.ts'] },
  salesforce: { imports: ['domain', 'kit'] },
  domain: { imports: [] },
  kit: { imports: [] },
  queue: { imports: ['domain', 'kit'] },
  store: { imports: ['domain', 'kit'] },
  // What texts make of an order is what the flows send.
  settings: { imports: ['kit'], typesOf: ['domain/notice-text.ts'] },
  flows: { imports: ['domain', 'kit', 'store', 'queue', ...contracts] },
  http: { imports: ['flows', 'store', 'domain', 'kit', ...contracts] },
  // What the pages and the service say to each other.
  'console/wire': { imports: [], typesOf: ['domain'] },
  // The pages run in browsers: of the service they know no more than that, and who may do what.
  'console/app': { imports: ['console/wire', 'domain/console-role.ts'] },
  'console/server': {
    imports: ['console/wire', 'flows', 'store', 'domain', 'kit', 'http/problem.ts', ...contracts],
    typesOf: ['http/health-detail.ts'],
  },
  // What the app beside a ticket and the service say to each other: `zendesk-app/` knows no more of the service.
  'agent-app/wire.ts': { imports: [], typesOf: ['domain'] },
  'agent-app': {
    imports: ['flows', 'store', 'domain', 'kit', 'http/problem.ts', 'http/failed-checks.ts', ...contracts],
  },
  sandbox: { imports: ['domain', 'kit'] },
  cli: {
    imports: ['flows', 'store', 'settings', 'kit', 'domain/console-role.ts'],
    typesOf: ['channels/channel.ts', 'domain'],
  },
};

const within = (path: string, place: string): boolean =>
  place === '*' ||
  path === place ||
  path.startsWith(`${place}/`) ||
  (place.endsWith('/*') && path.startsWith(place.slice(0, -1)) && path.split('/').length > 2);

const ruleOf = (file: string): string | undefined => Object.keys(mayImport).find((place) => within(file, place));

/** The folder that is on its own: `channels/messenger` under the rule `channels/*`, else the rule itself. */
const homeOf = (file: string, rule: string): string =>
  rule.endsWith('/*') ? file.split('/').slice(0, 2).join('/') : rule;

interface Import {
  from: string;
  line: number;
  to: string;
  onlyTypes: boolean;
}

function isAllowed({ from, to, onlyTypes }: Pick<Import, 'from' | 'to' | 'onlyTypes'>): boolean {
  const rule = ruleOf(from);
  if (rule === undefined) return false;
  const { imports, typesOf = [] } = mayImport[rule]!;
  const places = [homeOf(from, rule), ...imports, ...(onlyTypes ? typesOf : [])];
  return places.some((place) => within(to, place));
}

// Both `import … from '…'` over several lines, `export … from '…'`, `import '…'` and `import('…')`.
const importing =
  /(?:^|\n)[ \t]*(?<statement>(?:import|export)\b(?<names>[^;'"`]*?)\bfrom\s*|import\s*)['"](?<path>[^'"\n]+)['"]|\bimport\(\s*['"](?<called>[^'"\n]+)['"]\s*\)/g;

function importsOf(file: string, source: string): Import[] {
  return [...source.matchAll(importing)].flatMap((match) => {
    const path = match.groups?.['path'] ?? match.groups?.['called'] ?? '';
    if (!path.startsWith('.')) return [];
    const at = match.index + match[0].lastIndexOf(path);
    return [
      {
        from: file,
        line: source.slice(0, at).split('\n').length,
        to: normalize(join(dirname(file), path)),
        onlyTypes: /^(?:import|export)\s+type\b/.test(match.groups?.['statement'] ?? ''),
      },
    ];
  });
}

interface SourceFile {
  file: string;
  source: string;
  imports: Import[];
}

const isTest = (file: string) => /\.test\.ts$|\/(?:fixtures|testing)\/|\/testing\.ts$|-for-tests\.ts$/.test(file);

/** Every source file under src, without tests and what only tests use. Paths are relative to src. */
const files: SourceFile[] = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => relative(join(root, 'src'), join(entry.parentPath, entry.name)))
  .sort()
  .map((file) => ({ file, source: readFileSync(join(root, 'src', file), 'utf8') }))
  .map(({ file, source }) => ({ file, source, imports: importsOf(file, source) }));
const production = files.filter(({ file }) => !isTest(file));

describe('imports', () => {
  test.each(Object.keys(mayImport).map((rule) => [rule, mayImport[rule]!.imports.join(', ') || 'nothing']))(
    '%s imports no more than %s',
    (rule) => {
      const strays = production
        .filter(({ file }) => ruleOf(file) === rule)
        .flatMap(({ imports }) => imports)
        .filter((each) => !isAllowed(each))
        .map(({ from, line, to }) => `src/${from}:${line} imports ${to}`);
      expect(strays).toEqual([]);
    },
  );

  test('every file falls under a rule', () => {
    expect(production.filter(({ file }) => ruleOf(file) === undefined).map(({ file }) => file)).toEqual([]);
  });

  test('every import leads to a file', () => {
    const known = new Set(files.map(({ file }) => file));
    const dead = files.flatMap(({ imports }) => imports).filter(({ to }) => /\.tsx?$/.test(to) && !known.has(to));
    expect(dead.map(({ from, line, to }) => `src/${from}:${line} imports ${to}`)).toEqual([]);
  });

  test('only the start of the service imports a registry', () => {
    const importers = production
      .flatMap(({ imports }) => imports)
      .filter(({ to }) => /^\w+\/registry\.ts$/.test(to))
      .map(({ from }) => from);
    expect([...new Set(importers)]).toEqual(['main/kinds.ts']);
  });

  test('nothing that runs in production imports what is for tests', () => {
    const strays = production.flatMap(({ imports }) => imports).filter(({ to }) => isTest(to));
    expect(strays.map(({ from, line, to }) => `src/${from}:${line} imports ${to}`)).toEqual([]);
  });

  test('there are no circles', () => {
    expect(circlesIn(new Map(production.map(({ file, imports }) => [file, imports.map(({ to }) => to)])))).toEqual([]);
  });
});

/** The circles a walk along the imports meets, as `a → b → a`. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const finished = new Set<string>();
  const circles: string[] = [];
  const walk = (file: string, path: string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    else if (!finished.has(file)) {
      for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
      finished.add(file);
    }
  };
  for (const file of graph.keys()) walk(file, []);
  return circles;
}

describe('these checks see what they should', () => {
  test.each([
    ['import { a } from "../store/x.ts";', 'flows/a.ts', 'store/x.ts', false, true],
    ['import type { A } from "../channels/channel.ts";', 'cli/a.ts', 'channels/channel.ts', true, true],
    ['import { a } from "../channels/channel.ts";', 'cli/a.ts', 'channels/channel.ts', false, false],
    ['import {\n  a,\n  b,\n} from\n  "../store/x.ts";', 'domain/a.ts', 'store/x.ts', false, false],
    ['export * from "../line/wire.ts";', 'channels/messenger/a.ts', 'channels/line/wire.ts', false, false],
    ['import "./b.ts";', 'channels/messenger/a.ts', 'channels/messenger/b.ts', false, true],
    ['const x = await import("../http/server.ts");', 'flows/a.ts', 'http/server.ts', false, false],
    ['import { a } from "../zendesk/api.ts";', 'helpdesks/other/a.ts', 'helpdesks/zendesk/api.ts', false, false],
    ['import { a } from "../../crms/crm.ts";', 'helpdesks/zendesk/a.ts', 'crms/crm.ts', false, false],
  ])('%j in %s', (source, from, to, onlyTypes, allowed) => {
    const [found] = importsOf(from, source);
    expect(found).toMatchObject({ from, to, onlyTypes });
    expect(isAllowed(found!)).toBe(allowed);
  });

  test('a circle', () => {
    const graph = new Map([
      ['a', ['b', 'd']],
      ['b', ['c']],
      ['c', ['a']],
      ['d', []],
    ]);
    expect(circlesIn(graph)).toEqual(['a → b → c → a']);
  });
});

const longest = 350;

const places = (pattern: RegExp, among: readonly SourceFile[]): string[] =>
  among.flatMap(({ file, source }) =>
    source.split('\n').flatMap((line, i) => (pattern.test(line) ? [`src/${file}:${i + 1}: ${line.trim()}`] : [])),
  );

describe('files', () => {
  test(`none is longer than ${longest} lines`, () => {
    const long = production
      .map(({ file, source }) => ({ file, lines: source.split('\n').length - 1 }))
      .filter(({ lines }) => lines > longest);
    expect(long).toEqual([]);
  });

  test('have kebab-case names', () => {
    const odd = files
      .map(({ file }) => file)
      .filter((file) => !/^(?:[a-z0-9.-]+\/)*[a-z0-9]+(?:[.-][a-z0-9]+)*\.tsx?$/.test(file));
    expect(odd).toEqual([]);
  });

  const bans: [string, RegExp, (file: string) => boolean][] = [
    [
      'writes to the console outside cli and sandbox',
      /\bconsole\.\w+\(/,
      (file) => !/^(?:cli|sandbox)\//.test(file) && !isTest(file),
    ],
    ['uses any', /(?::\s*any\b|\bas any\b|<any\b|\bany\[\])/, () => true],
    ['silences the type checker', /@ts-(?:ignore|expect-error|nocheck)/, () => true],
    ['leaves something to do', /\b(?:TODO|FIXME|XXX)\b/, () => true],
    [
      "speaks of one machine's paths or of where the project is written",
      /(?<![\w.:])\/(?:work|home|root)\/|\.\.\/shared\/(?:reference|fixtures|\w+\.md)|\b(?:issue|task) #?\d|\bregistry\.\w+\.\w/i,
      () => true,
    ],
  ];
  test.each(bans)('none %s', (_, pattern, concerns) => {
    expect(
      places(
        pattern,
        files.filter(({ file }) => concerns(file)),
      ),
    ).toEqual([]);
  });

  test('every folder of a channel, helpdesk or CRM has a README', () => {
    const kinds = new Set(production.map(({ file }) => /^(?:channels|helpdesks|crms)\/[^/.]+(?=\/)/.exec(file)?.[0]));
    const missing = [...kinds]
      .filter((folder) => folder !== undefined && folder !== 'channels/shared')
      .filter((folder) => !readdirSync(join(root, 'src', folder!)).includes('README.md'));
    expect(missing).toEqual([]);
  });
});

/** Kinds that are also a word of English: only as a text of their own, or under their label, do they name a channel. */
const alsoWords = new Set(['line']);

/** Where channels may be named, and why. */
const mayName: [RegExp, string][] = [
  [/^channels\/(?!channel\.ts$)/, "a channel's own folder, what the channels of one vendor share, the registry"],
  [/^sandbox\/channels\.ts$/, 'the registry of simulators'],
  [/^sandbox\/(?:demo|script)(?:\.ts$|\/)/, 'the demo and its scripted day play one channel in full'],
  [/^sandbox\/contract\.ts$/, 'what one simulator can do beyond the others, for the demo'],
];

const named = Object.values(registry).map(({ kind, label }) => ({ kind, pattern: namingPattern(kind, label) }));

function namingPattern(kind: string, label: string): RegExp {
  return alsoWords.has(kind)
    ? new RegExp(`(['"/])${kind}(?:\\1|[/:])|\\b${label}\\b`)
    : new RegExp(`\\b(?:${kind}|${label})\\b`, 'i');
}

const mayNameOne = (file: string): boolean =>
  isTest(file) ||
  mayName.some(([place]) => place.test(file)) ||
  named.some(({ kind }) => file.startsWith(`sandbox/${kind}/`));

describe('adding a channel touches its own folders and the registries', () => {
  test.each(named.map(({ kind, pattern }) => [kind, pattern] as const))('nothing else names %s', (_, pattern) => {
    expect(
      places(
        pattern,
        files.filter(({ file }) => !mayNameOne(file)),
      ),
    ).toEqual([]);
  });

  test.each([
    ['parrot', 'Parrot', "if (kind === 'parrot')", true],
    ['parrot', 'Parrot', '// Parrot wants it so', true],
    ['parrot', 'Parrot', 'for (const parrots of cages)', false],
    ['line', 'LINE', 'for (const line of lines)', false],
    ['line', 'LINE', "if (kind === 'line')", true],
    ['line', 'LINE', 'fetch("/webhooks/line/acme")', true],
    ['line', 'LINE', '// LINE wants it so', true],
    ['line', 'LINE', '// a line longer than the others', false],
  ])('this sees %s (%s) in %j: it does where it should', (kind, label, source, found) => {
    expect(namingPattern(kind, label).test(source)).toBe(found);
  });
});
