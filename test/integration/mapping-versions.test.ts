import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyMapping, seedMapping } from '../../src/flows/change-mapping.ts';
import { openLiveMapping } from '../../src/flows/live-mapping.ts';
import { silentLog } from '../../src/kit/log.ts';
import { startService } from '../../src/main.ts';
import { openDatabase } from '../../src/store/database.ts';
import { mappingVersions } from '../../src/store/mapping-versions.ts';
import { commandLine } from '../support/command-line.ts';
import { freshDatabase } from '../support/database.ts';
import { keptLog } from '../support/kept-log.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
const folder = mkdtempSync(join(tmpdir(), 'passerelle-versions-'));
beforeAll(async () => {
  product = await startProduct({ mapping: { tickets: { subject: 'first {{ customer.name }}' } } });
});
afterAll(async () => {
  await product?.stop();
  rmSync(folder, { recursive: true });
});

const file = (text: string): string => {
  const path = join(folder, 'draft.yaml');
  writeFileSync(path, text);
  return path;
};
const passerelle = (...args: string[]) => commandLine(product.file, product.databaseUrl, ['mapping', ...args]);

async function ticketOf(psid: string) {
  product.messenger.addCustomer({ psid, name: `C${psid}` });
  await product.messenger.customerSends(psid, { type: 'text', text: 'hello' });
  return until('a ticket', () =>
    product.zendesk.tickets().find(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`),
  );
}

test('a version that is applied holds for what is said from then on, without a restart', async () => {
  expect((await ticketOf('201')).subject).toBe('first C201');
  const applied = await passerelle(
    'apply',
    file('tickets: { subject: "second {{ customer.name }}" }'),
    '--comment',
    'try',
  );
  expect(applied).toMatchObject({ code: 0, out: 'Version 2 is in force.\n' });
  expect((await ticketOf('202')).subject).toBe('second C202');
});

test('one with mistakes is told whole and changes nothing', async () => {
  const wrong = file('tickets:\n  subject: "{{ customer.nam }}"\n  tags: ["{{ 1 | upcas }}"]\nroutin: []');
  const applied = await passerelle('apply', wrong);
  expect(applied.code).toBe(1);
  expect(applied.err.split('\n').map((line) => line.replace(wrong, 'draft'))).toEqual([
    'draft:2:12 tickets.subject: unknown variable customer.nam (expected: customer.name)',
    'draft:3:10 tickets.tags[0]: not valid Liquid: undefined filter: upcas (expected: upcase)',
    'draft:4:1 routin: unknown key (expected: did you mean routing?)',
    '3 mistakes in the mapping.',
    'Nothing was changed.',
    '',
  ]);
  expect((await mappingVersions(product.db, 9))[0]).toMatchObject({ number: 2, state: 'in-force', source: 'apply' });
});

test('versions are listed, shown, compared and gone back to; each change is in the audit', async () => {
  expect((await passerelle('diff', '1', '2')).out).toContain('+tickets: { subject: "second {{ customer.name }}" }');
  expect((await passerelle('show', '2')).out).toBe('tickets: { subject: "second {{ customer.name }}" }\n');
  expect(await passerelle('rollback', '1')).toMatchObject({ code: 0, out: 'Version 3 is in force.\n' });
  expect(await passerelle('rollback', '1')).toMatchObject({ out: 'Nothing changes: version 3 says the same.\n' });
  expect(await passerelle('rollback', '77')).toMatchObject({ code: 1, err: 'There is no version 77.\n' });
  const lines = (await passerelle('history')).out.split('\n');
  expect(
    lines.map((line) =>
      line
        .replace(/ +/g, ' ')
        .replace(/\S+Z/, 'AT')
        .replace(/cli:\S+/, 'WHO'),
    ),
  ).toEqual([
    'VERSION AT STATE FROM WHO COMMENT',
    '3 AT in force rollback WHO back to version 1',
    '2 AT apply WHO try',
    '1 AT file file the file at the first start',
    '',
  ]);
  expect((await ticketOf('203')).subject).toBe('first C203');
  const audit = await commandLine(product.file, product.databaseUrl, ['audit', 'list']);
  expect(audit.out).toMatch(/mapping-rolled-back +mapping version 3/);
  expect(audit.out).toMatch(/mapping-applied +mapping version 2/);
});

test('history stays as the version of its ticket wants it, whatever holds by now', async () => {
  await ticketOf('204');
  const task = () => product.salesforce.records('Task').find((each) => String(each['Description']).includes('C204'));
  await until('the history', task);
  await passerelle('apply', file('history: { subject: "changed" }'));
  await product.messenger.customerSends('204', { type: 'text', text: 'and more' });
  const after = await until('more history', () =>
    String(task()?.['Description']).includes('and more') ? task() : undefined,
  );
  expect(after['Subject']).toMatch(/^Messenger conversation, ticket /);
  await ticketOf('205');
  const later = () => product.salesforce.records('Task').find((each) => String(each['Description']).includes('C205'));
  expect((await until('later history', later))['Subject']).toBe('changed');
  await passerelle('rollback', '1');
});

test('two replicas use a new version within two seconds', async () => {
  const log = keptLog();
  const other = await startService(product.configuration.settings, product.configuration.mapping, log);
  try {
    const from = Date.now();
    const { out } = await passerelle('apply', file('tickets: { failureTag: elsewhere }'));
    const version = Number(/Version (\d+)/.exec(out)?.[1]);
    await until('the other replica', () =>
      log.lines.find(({ event, fields }) => event === 'mapping.in-force' && fields['version'] === version),
    );
    expect(Date.now() - from).toBeLessThan(15_000);
  } finally {
    await other.stop();
  }
});

test('a crash while a version is applied leaves the one before whole', async () => {
  const before = await mappingVersions(product.db, 1);
  const [holder, applier] = [openDatabase(product.databaseUrl, 1), openDatabase(product.databaseUrl, 1)];
  await holder.transaction().execute(async (tx) => {
    // The version is written, its entry in the audit cannot be: then the connection dies.
    await sql`lock table audit in exclusive mode`.execute(tx);
    const { source } = product.configuration.mapping;
    const applied = applyMapping(applier, source, { text: 'tickets: { failureTag: half }', who: 'test' });
    const ended = applied.then(
      () => 'applied',
      () => 'died',
    );
    const waiting = () =>
      sql<{ pid: number }>`select pid from pg_locks where not granted and relation = 'audit'::regclass`.execute(
        product.db,
      );
    const { pid } = await until('the wait', async () => (await waiting()).rows[0]);
    await sql`select pg_terminate_backend(${pid})`.execute(product.db);
    expect(await ended).toBe('died');
  });
  await Promise.all([holder.destroy(), applier.destroy()]);
  expect(await mappingVersions(product.db, 1)).toEqual(before);
});

describe('the file at a start', () => {
  const reader = (text: string) => ({ ...product.configuration.mapping.source, text });

  test('is the first version, then a new one when it was changed, until somebody applies another', async () => {
    const database = await freshDatabase();
    const db = openDatabase(database.url, 2);
    const one = reader('tickets: { failureTag: one }');
    expect(await seedMapping(db, one)).toEqual({ result: 'taken', version: 1 });
    expect(await seedMapping(db, one)).toEqual({ result: 'as-before', version: 1 });
    expect(await seedMapping(db, reader('tickets: { failureTag: two }'))).toEqual({ result: 'taken', version: 2 });
    await applyMapping(db, one, { text: 'tickets: { failureTag: three }', who: 'test' });
    expect(await seedMapping(db, reader('tickets: { failureTag: two }'))).toEqual({
      result: 'not-taken',
      version: 3,
      changed: false,
    });
    expect(await seedMapping(db, reader('tickets: { failureTag: four }'))).toEqual({
      result: 'not-taken',
      version: 3,
      changed: true,
    });
    const live = await openLiveMapping(db, one, silentLog);
    expect(live.current().tickets.failureTag).toBe('three');
    expect((await live.at(1)).tickets.failureTag).toBe('one');
    await db.destroy();
    await database.drop();
  });

  test('many who apply at once take turns, and each gets a number of its own', async () => {
    const numbers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        applyMapping(product.db, reader(''), { text: `tickets: { failureTag: t${n} }`, who: 'test' }),
      ),
    );
    const versions = numbers.map((applied) => ('version' in applied ? applied.version : undefined));
    expect(new Set(versions).size).toBe(8);
    expect((await mappingVersions(product.db, 1))[0]?.number).toBe(Math.max(...versions.map(Number)));
  });

  test('whoever had seen another version than the one in force is refused', async () => {
    const [latest] = await mappingVersions(product.db, 1);
    const applied = await applyMapping(product.db, reader(''), { text: '', who: 'test', after: latest!.number - 1 });
    expect(applied).toEqual({ result: 'overtaken', version: latest!.number });
  });
});

test('the doctor says when the file is not what is in force', async () => {
  const { out } = await commandLine(product.file, product.databaseUrl, ['doctor', '--json']);
  const findings = out.split('\n').filter((line) => line.includes('"mapping version '));
  expect(findings.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({
      ok: true,
      warning: true,
      why: expect.stringMatching(/^test applied it; .*mapping\.yaml says otherwise/),
    }),
  ]);
});
