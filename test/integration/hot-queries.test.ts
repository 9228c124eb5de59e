import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openComment } from '../../src/store/comments.ts';
import { findConversation } from '../../src/store/conversations.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { backlogs, targetsWaitedFor, waitingConversations } from '../../src/store/deliveries.ts';
import { eventsWait, forgottenConversations, waitingEvents } from '../../src/store/events.ts';
import { historyRecord } from '../../src/store/history-entries.ts';
import { forgottenMedia, mediaBacklogs, mediaOf, oldCopies, waitingMedia } from '../../src/store/media.ts';
import { heardUntil, messagesOfTicket, waitingFor } from '../../src/store/messages.ts';
import { listParked } from '../../src/store/parked.ts';
import { parkedEventCounts } from '../../src/store/parked-events.ts';
import { endedFiles } from '../../src/store/published-files.ts';
import { parkedIn, settledIn, waitingIn } from '../../src/store/replay.ts';
import { applyReceipt, openReplyParts, partByMarker } from '../../src/store/reply-parts.ts';
import { isOpening, latestTicket, ticketByRemoteId } from '../../src/store/tickets.ts';
import { seedDone } from '../bench/seed.ts';
import { freshDatabase } from '../support/database.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
beforeAll(async () => {
  database = await freshDatabase();
  // One connection, so that its statistics are all there are.
  db = openDatabase(database.url, 1);
  await seedDone(db, 0, 20_000);
}, 60_000);
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const conversation = 1_000_000_007;
const desk = 'helpdesk:desk' as const;
const lately = { since: new Date(Date.now() - 3_600_000), until: new Date() };

/** Rows read by scanning whole tables, by table. */
async function scanned(): Promise<Record<string, number>> {
  await sql`select pg_stat_force_next_flush()`.execute(db);
  await sql`select 1`.execute(db);
  const { rows } = await sql<{ name: string; rows: number }>`
    select relname as name, seq_tup_read::int as rows from pg_stat_user_tables
    where schemaname = 'public'`.execute(db);
  return Object.fromEntries(rows.map(({ name, rows: n }) => [name, n]));
}

/** What runs for each webhook, each job, each look of the sweep and of Prometheus. */
const hot: Record<string, () => Promise<unknown>> = {
  backlogs: () => backlogs(db),
  targetsWaitedFor: () => targetsWaitedFor(db),
  waitingConversations: () => waitingConversations(db, 'helpdesk:desk', 1_000, 15_000),
  forgottenConversations: () => forgottenConversations(db, 15_000),
  parkedEventCounts: () => parkedEventCounts(db),
  waitingEvents: () => waitingEvents(db, 'page', 'old7'),
  eventsWait: () => eventsWait(db, 'page', 'old7'),
  isOpening: () => isOpening(db, 'desk'),
  waitingFor: () => waitingFor(db, desk, conversation),
  heardUntil: () => heardUntil(db, conversation),
  openComment: () => openComment(db, conversation),
  openReplyParts: () => openReplyParts(db, conversation),
  partByMarker: () => partByMarker(db, 'passerelle:nobody'),
  applyReceipt: () =>
    db
      .transaction()
      .execute((tx) => applyReceipt(tx, conversation, { state: 'read', of: [], upTo: new Date(), at: new Date() })),
  forgottenMedia: () => forgottenMedia(db, 15_000),
  mediaBacklogs: () => mediaBacklogs(db),
  mediaOf: () => mediaOf(db, conversation),
  waitingMedia: () => waitingMedia(db, conversation),
  oldCopies: () => oldCopies(db, 90 * 24 * 3_600_000, 100),
  endedFiles: () => endedFiles(db, 0, 100),
  findConversation: () => findConversation(db, 'page', 'old7'),
  latestTicket: () => latestTicket(db, conversation, 'desk'),
  ticketByRemoteId: () => ticketByRemoteId(db, 'desk', 'old7'),
  messagesOfTicket: () => messagesOfTicket(db, conversation),
  historyRecord: () => historyRecord(db, 'store', 'nobody'),
  listParked: () => listParked(db, {}, 50),
  'parkedIn a range': () => parkedIn(db, lately, undefined, 50_000),
  'waitingIn a range': () => waitingIn(db, lately, undefined),
  'settledIn a conversation': () => settledIn(db, { conversation }, undefined),
};

test.each(Object.entries(hot))('%s reads no table that grows from end to end', async (_, query) => {
  const before = await scanned();
  await query();
  const after = await scanned();
  const grown = Object.keys(after).filter((table) => (after[table] ?? 0) - (before[table] ?? 0) > 1_000);
  expect(grown).toEqual([]);
});

test('the check sees a whole table read', async () => {
  const before = await scanned();
  await sql`select count(*) from messages where reply_to = 'x'`.execute(db);
  expect((await scanned())['messages']! - before['messages']!).toBe(20_000);
});
