import { type Kysely, sql } from 'kysely';

/** What the console lists notices and orders by: each narrowing with the order it is shown in. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'create index notices_by_state on notices (state, id)',
  'create index notices_by_event on notices (event, state, id)',
  // Serves all that the one before it did, and pages through a campaign as well.
  'create index notices_by_campaign on notices (campaign, state, id) where campaign is not null',
  'drop index notices_of_campaign',
  'create index orders_by_state on orders (state, id)',
];
