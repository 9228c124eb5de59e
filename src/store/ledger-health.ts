import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Finding } from '../domain/finding.ts';
import type { Database } from './database.ts';
import { migrations } from './migrations/all.ts';
import { waitingTargets } from './target-states.ts';
import { watches } from './watches.ts';

/** The oldest Postgres that is tried, as `server_version_num` tells it. */
const oldest = 140_000;

/** What the service opens at most: see `openDatabases`, `openBudgets` and the queue. */
const ownConnections = 40;

/** Version, migrations, room for connections, and what the ledger says of targets that wait. */
export async function ledgerFindings(db: Database): Promise<Finding[]> {
  const pending = await pendingMigrations(db);
  return [
    await versionFinding(db),
    migrationsFinding(pending),
    await connectionsFinding(db),
    ...(pending.length === 0 ? await storedFindings(db) : []),
  ];
}

async function versionFinding(db: Database): Promise<Finding> {
  const { rows } = await sql<{ number: string; name: string }>`
    select current_setting('server_version_num') as number, current_setting('server_version') as name`.execute(db);
  const { number, name } = rows[0]!;
  const what = `Postgres ${name}`;
  if (Number(number) >= oldest) return { ok: true, what };
  return {
    ok: false,
    what,
    why: 'it is older than 14',
    fix: 'Move to Postgres 14 or later; 17 is what compose.yaml brings.',
  };
}

export async function pendingMigrations(db: Database): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  return (await migrator.getMigrations()).filter(({ executedAt }) => !executedAt).map(({ name }) => name);
}

function migrationsFinding(pending: readonly string[]): Finding {
  const what = 'the ledger’s tables are those of this version';
  if (pending.length === 0) return { ok: true, what };
  const why = `not there yet: ${pending.join(', ')}`;
  return {
    ok: false,
    what,
    why,
    fix: 'Start the service of this version, or say --fix: either brings them up to date.',
  };
}

async function connectionsFinding(db: Database): Promise<Finding> {
  const { rows } = await sql<{ most: string; used: string; ours: string }>`
    select current_setting('max_connections') as most, count(*) as used,
      count(*) filter (where datname = current_database()) as ours
    from pg_stat_activity where backend_type = 'client backend'`.execute(db);
  const [most, used] = [Number(rows[0]!.most), Number(rows[0]!.used)];
  const what = 'connections to the database';
  const why = `${used} of ${most} in use`;
  const free = most - used;
  const fix = `Raise max_connections, or put a pooler in front: one process of this service opens up to ${ownConnections}.`;
  if (free < 5) return { ok: false, what, why, fix };
  if (Number(rows[0]!.ours) < 3 && free < ownConnections) return { ok: true, warning: true, what, why, fix };
  return { ok: true, what, why };
}

/** What the ledger knows of the accounts. */
const storedFindings = async (db: Database): Promise<Finding[]> => [
  ...(await waitingFindings(db)),
  ...(await elsewhereFindings(db)),
  ...(await silentFindings(db)),
];

/** Conversations of the last week that the platform's events say another app owns. */
async function elsewhereFindings(db: Database): Promise<Finding[]> {
  const { rows } = await sql<{ account: string; count: number }>`
    select account, count(*)::int as count from conversations
    where elsewhere_since is not null and last_customer_at > now() - interval '7 days'
    group by account order by account`.execute(db);
  return rows.map(({ account, count }) => ({
    ok: true,
    warning: true,
    what: `who owns the conversations of ${account}`,
    why: `${count} of the last week ${count === 1 ? 'is' : 'are'} owned by another app or an inbox`,
    matters: 'What agents answer on these tickets may be refused by the platform.',
    fix: 'Let the other app hand them back, or make this one the default where the platform lets you choose.',
  }));
}

async function silentFindings(db: Database): Promise<Finding[]> {
  const silent = (await watches(db)).filter(({ silentSince }) => silentSince);
  return silent.map(({ target, silentSince }) => ({
    ok: true,
    warning: true,
    what: `${target} is silent`,
    why: `nothing came since ${silentSince!.toISOString().slice(0, 16)} UTC, which is unusual`,
    matters: 'Either nobody writes, or the platform does not tell of it.',
    fix: 'Write to it yourself; if no ticket comes, look at its other findings.',
  }));
}

async function waitingFindings(db: Database): Promise<Finding[]> {
  const waiting = await waitingTargets(db);
  return waiting.map(({ target, state, reason, since }) => ({
    ok: false,
    what: `work for ${target} waits since ${since.toISOString().slice(0, 16)} UTC`,
    why: reason,
    fix:
      state === 'broken'
        ? 'Mend the account; it then goes on by itself.'
        : 'It goes on by itself when the platform answers.',
    matters: 'What customers and agents write for it is kept, and does not arrive until then.',
  }));
}
