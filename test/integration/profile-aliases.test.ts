import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginConversation, saveProfile } from '../../src/store/conversations.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { freshDatabase } from '../support/database.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase(database.url, 2);
});
afterAll(async () => {
  await db?.destroy();
  await database?.drop();
});

const begin = (user: string) => db.transaction().execute((tx) => beginConversation(tx, 'acme-wechat', user));

test('further ids that a profile tells are the same customer’s, however often they are told', async () => {
  const conversation = await begin('o-1');
  for (let i = 0; i < 2; i++)
    await saveProfile(db, conversation, { name: 'Lin', aliases: { unionid: 'u-1', same: 'o-1' } });
  const kept = await db.selectFrom('aliases').selectAll().execute();
  expect(kept).toMatchObject([{ account: 'acme-wechat', value: 'u-1', platform_user: 'o-1', kind: 'unionid' }]);
  expect((await begin('u-1')).id).toBe(conversation.id);
  expect((await begin('o-2')).id).not.toBe(conversation.id);
});
