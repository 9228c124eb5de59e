import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSeal, newSealingKey } from '../../src/kit/seal.ts';
import { Secret } from '../../src/kit/secret.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { ledgerTokens } from '../../src/store/shared-tokens.ts';
import { freshDatabase } from '../support/database.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase(database.url, 6);
});
afterAll(async () => {
  await db?.destroy();
  await database?.drop();
});

const key = new Secret(newSealingKey());
let ahead = 0;
const replica = (keys = [key]) =>
  ledgerTokens(
    db,
    () => makeSeal(keys),
    () => new Date(Date.now() + ahead),
  );
const hour = 3_600_000;

/** A platform that hands out token after token and counts. */
function platform() {
  let handedOut = 0;
  const asked: (string | undefined)[] = [];
  const renew = async (last: string | undefined) => {
    asked.push(last);
    handedOut += 1;
    await new Promise((next) => setTimeout(next, 50));
    return { result: 'done' as const, value: { token: `CANARY-token-${handedOut}`, holdsMs: 2 * hour } };
  };
  return { renew, asked };
}

test('three replicas that want a token at once get the same one, asked for once', async () => {
  const { renew, asked } = platform();
  const got = await Promise.all([replica(), replica(), replica()].map((each) => each.get('a', renew)));
  expect(got).toEqual(Array(3).fill({ result: 'done', value: 'CANARY-token-1' }));
  expect(asked).toEqual([undefined]);
});

test('it is sealed in the ledger', async () => {
  const rows = await db.selectFrom('shared_tokens').selectAll().execute();
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toContain('CANARY');
});

test('one that is about to end, or that the platform no longer takes, is renewed by one and used by all', async () => {
  const { renew, asked } = platform();
  const [one, other] = [replica(), replica()];
  await one.get('b', renew);
  await other.get('b', renew);
  ahead = 2 * hour - 30_000;
  expect(await one.get('b', renew)).toEqual({ result: 'done', value: 'CANARY-token-2' });
  expect(await other.get('b', renew)).toEqual({ result: 'done', value: 'CANARY-token-2' });
  expect(await other.get('b', renew, 'CANARY-token-2')).toEqual({ result: 'done', value: 'CANARY-token-3' });
  // Whoever still holds the refused one is given the new one, without another call.
  expect(await one.get('b', renew, 'CANARY-token-2')).toEqual({ result: 'done', value: 'CANARY-token-3' });
  expect(asked).toEqual([undefined, 'CANARY-token-1', 'CANARY-token-2']);
  ahead = 0;
});

test('a failure is handed through, and nothing is kept of it', async () => {
  const failing = async () => ({ result: 'account-broken' as const, why: 'revoked' });
  expect(await replica().get('c', failing)).toEqual({ result: 'account-broken', why: 'revoked' });
  const { renew } = platform();
  expect(await replica().get('c', renew)).toEqual({ result: 'done', value: 'CANARY-token-1' });
});

test('after the key was rotated the token still opens; without its key a new one is asked for', async () => {
  const { renew, asked } = platform();
  await replica().get('d', renew);
  const newer = new Secret(newSealingKey());
  expect(await replica([newer, key]).get('d', renew)).toEqual({ result: 'done', value: 'CANARY-token-1' });
  expect(await replica([newer]).get('d', renew)).toEqual({ result: 'done', value: 'CANARY-token-2' });
  expect(asked).toEqual([undefined, undefined]);
});
