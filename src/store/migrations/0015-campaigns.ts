import { type Kysely, sql } from 'kysely';

/** Campaigns. Whom they tell stands in `notices`, whom they leave out to compare with in `campaign_hold_outs`. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // `texts` names its texts in config/notices/. `pace_since` and `pace_before`: from when on the rate counts, and how many had been let go
  // by then; both are set anew whenever it is resumed. `reason`: why it stands as it does.
  `create table campaigns (
     id bigint generated always as identity primary key,
     name text not null,
     state text not null default 'draft',
     reason text,
     purpose text not null,
     texts text not null,
     variables jsonb not null default '{}',
     segment jsonb not null,
     per_minute integer not null check (per_minute > 0),
     hold_out real not null default 0 check (hold_out >= 0 and hold_out <= 0.9),
     thresholds jsonb not null,
     start_at timestamptz,
     expires_after_ms bigint not null,
     made_by text not null,
     made_at timestamptz not null default now(),
     request_key text,
     request_digest bytea,
     approved_by text,
     approved_at timestamptz,
     planned_at timestamptz,
     planned integer not null default 0,
     released integer not null default 0,
     pace_since timestamptz,
     pace_before integer not null default 0,
     ended_at timestamptz)`,
  'create unique index campaigns_request on campaigns (made_by, request_key) where request_key is not null',
  `create index campaigns_live on campaigns (id) where state in ('scheduled', 'running')`,
  `create table campaign_hold_outs (
     campaign bigint not null references campaigns,
     customer bigint not null references customers,
     primary key (campaign, customer))`,
  // Who opted out since a campaign began.
  `create index consents_revoked on consents (at) where act = 'revoked'`,
];
