import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { queueNames } from '../../src/queue/wake-up.ts';

/** What a page promises to explain in full but does not name. */
export async function unmentioned(root: string): Promise<string[]> {
  const architecture = await readFile(join(root, 'docs/architecture.md'), 'utf8');
  const operator = await readFile(join(root, 'docs/guides/operator.md'), 'utf8');
  const metrics = await readFile(join(root, 'docs/reference/metrics.md'), 'utf8');
  return [
    ...missing('docs/architecture.md', 'the table', await tables(root), architecture),
    ...missing('docs/architecture.md', 'the queue', [...queueNames], architecture),
    ...missing('docs/guides/operator.md', 'the log event', await logEvents(root), operator),
    ...missing('docs/guides/operator.md', 'the metric', namesIn(metrics, /`(passerelle_\w+)`/g), operator),
    ...(await imageFlags(root)),
  ];
}

const missing = (file: string, what: string, names: readonly string[], text: string): string[] =>
  names.filter((name) => !text.includes(`\`${name}\``)).map((name) => `${file} does not explain ${what} \`${name}\``);

const namesIn = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, name = '']) => name)),
];

/** The image starts Node by itself, and should start it as the scripts do. */
async function imageFlags(root: string): Promise<string[]> {
  const script = await readFile(join(root, 'scripts/run.mjs'), 'utf8');
  const image = await readFile(join(root, 'Dockerfile'), 'utf8');
  const flags = namesIn(/frugalFlags = \[([^\]]*)\]/.exec(script)?.[1] ?? '', /'(--[^']+)'/g);
  return flags
    .filter((flag) => !image.includes(`"${flag}"`))
    .map((flag) => `Dockerfile lacks ${flag}, which scripts/run.mjs has`);
}

async function tables(root: string): Promise<string[]> {
  const folder = join(root, 'src/store/migrations');
  const texts = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  return namesIn(texts.join('\n'), /create table (\w+)/g);
}

/** Every event the service may log. Those of the sandbox and of tests are their own affair. */
async function logEvents(root: string): Promise<string[]> {
  const names = await readdir(join(root, 'src'), { recursive: true });
  const files = names.filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('sandbox'),
  );
  const texts = await Promise.all(files.map((name) => readFile(join(root, 'src', name), 'utf8')));
  return namesIn(texts.join('\n'), /\blog\.(?:debug|info|warn|error)\(\s*'([^']+)'/g);
}
