import { execFile } from 'node:child_process';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestOrg, type TestOrg } from '../sandbox/salesforce/org-for-tests.ts';

let org: TestOrg;
beforeAll(async () => {
  org = await startTestOrg();
});
afterAll(() => org.close());

/** Two sessions in a process of its own: logs in, renews the login, writes; prints the outcomes and the memory used. */
const script = `
  const at = (path) => new URL(path, process.env.FOLDER).href;
  const { salesforce } = await import(at('../crms/salesforce/crm.ts'));
  const { makeHttp } = await import(at('../kit/http.ts'));
  const { silentLog } = await import(at('../kit/log.ts'));
  const megabytes = () => Math.round(process.memoryUsage().rss / 1e6);
  const tools = { http: makeHttp(), log: silentLog, clock: { now: () => new Date() } };
  const connect = (id) => salesforce.connect(salesforce.account.parse({ ...JSON.parse(process.env.ACCOUNT), id }), tools);
  const sessions = [connect('one'), connect('two')];
  const before = megabytes();
  const outcomes = [];
  for (const session of sessions) outcomes.push(await session.createContact({ LastName: 'Ann' }));
  console.log(JSON.stringify({ results: outcomes.map(({ result }) => result), before, after: megabytes() }));
  tools.http.close();
`;

async function runWith(home: string) {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--no-warnings', '--input-type=module', '--eval', script],
    {
      env: { HOME: home, FOLDER: new URL('./', import.meta.url).href, ACCOUNT: JSON.stringify(org.settings) },
      cwd: tmpdir(),
      timeout: 20_000,
    },
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout) as { results: string[]; before: number; after: number };
}

test('nothing is written to the home folder, and the process ends by itself', async () => {
  const home = await mkdtemp(join(tmpdir(), 'home-'));
  const { results, before, after } = await runWith(home);
  expect(results).toEqual(['done', 'done']);
  expect(await readdir(home)).toEqual([]);
  // The library is the bulk of what Salesforce costs: about 60 MB, taken at the first call and not before.
  expect(before).toBeLessThan(after);
  expect(after - before).toBeLessThan(120);
});

test.each(['/dev/null/home', '/proc/nowhere'])(
  'a home folder that cannot be written (%s) hinders nothing',
  async (home) => {
    expect((await runWith(home)).results).toEqual(['done', 'done']);
  },
);
