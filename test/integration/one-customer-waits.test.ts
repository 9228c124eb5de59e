import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Channel, SendResult } from '../../src/channels/channel.ts';
import { milliseconds } from '../../src/domain/duration.ts';
import type { Marker } from '../../src/domain/ids.ts';
import { sendReplies } from '../../src/flows/send-replies.ts';
import type { World } from '../../src/flows/world.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { silentLog } from '../../src/kit/log.ts';
import { beginConversation } from '../../src/store/conversations.ts';
import { type Database, migrate, openDatabase } from '../../src/store/database.ts';
import { addMessage } from '../../src/store/messages.ts';
import { addReplyParts } from '../../src/store/reply-parts.ts';
import { freshDatabase } from '../support/database.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase(database.url, 2);
  await migrate(db);
});
afterAll(async () => {
  await db?.destroy();
  await database?.drop();
});

/** A reply that waits, sent on a platform that answers `result`; what the health of the target was told. */
async function sending(user: string, result: SendResult) {
  const told: string[] = [];
  const channel = { kind: 'toy', label: 'Toy', limits: { textLength: 100 }, send: async () => result };
  const world = {
    db,
    channels: new Map([['toy-1', { channel: channel as unknown as Channel, account: { id: 'toy-1', kind: 'toy' } }]]),
    policy: new Map(),
    tools: { clock: systemClock, log: silentLog },
    meters: { delivery: () => undefined },
    health: {
      pauseOf: async () => undefined,
      stateOf: async () => undefined,
      answered: async () => void told.push('answered'),
      failed: async () => void told.push('failed'),
    },
  } as unknown as World;
  const conversation = await db.transaction().execute(async (tx) => {
    const { id } = await beginConversation(tx, 'toy-1', user, []);
    const parts = [{ type: 'text' as const, text: 'Yes.' }];
    const reply = { conversation: id, kind: 'said', author: 'agent', parts, at: new Date() } as const;
    const message = await addMessage(tx, reply, ['channel:toy-1']);
    await addReplyParts(tx, message!, id, [{ type: 'text', text: 'Yes.' }], () => `marker-${user}` as Marker);
    return id;
  });
  const left = await sendReplies(world, String(conversation));
  return { told, left };
}

test('too much for one customer waits as long as the platform says, and the platform counts as there', async () => {
  const why = 'the platform asks us to write to this customer more slowly';
  const ended = await sending('1', { result: 'later', why, after: milliseconds(6_000), for: 'conversation' });
  expect(ended).toEqual({ told: ['answered'], left: { left: true, after: 6_000 } });
});

test('too much for the account counts toward pausing it', async () => {
  const ended = await sending('2', { result: 'later', why: 'slow down', after: milliseconds(6_000) });
  expect(ended).toEqual({ told: ['failed'], left: { left: true, after: 6_000 } });
});
