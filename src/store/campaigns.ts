import { type Selectable, sql } from 'kysely';
import type { CampaignState, Pace, Segment, Thresholds } from '../domain/campaign.ts';
import type { CampaignTables } from './campaign-tables.ts';
import type { Queryable, Tx } from './database.ts';

export interface Campaign {
  id: number;
  name: string;
  state: CampaignState;
  /** Why it stands as it does, where that is not by plan. */
  reason: string | undefined;
  purpose: string;
  /** Names its texts in `config/notices/`. */
  texts: string;
  variables: Record<string, unknown>;
  segment: Segment;
  perMinute: number;
  /** The share that is told nothing, to compare with: 0 to 0.9. */
  holdOut: number;
  thresholds: Thresholds;
  startAt: Date | undefined;
  expiresAfterMs: number;
  madeBy: string;
  madeAt: Date;
  /** Whoever changed the draft after it was made, each once. */
  changedBy: readonly string[];
  approvedBy: string | undefined;
  approvedAt: Date | undefined;
  plannedAt: Date | undefined;
  /** How many notices were planned, and how many of them let go. */
  planned: number;
  released: number;
  pace: Pace | undefined;
  endedAt: Date | undefined;
}

export interface NewCampaign
  extends Pick<
    Campaign,
    | 'name'
    | 'purpose'
    | 'texts'
    | 'variables'
    | 'segment'
    | 'perMinute'
    | 'holdOut'
    | 'thresholds'
    | 'expiresAfterMs'
    | 'madeBy'
  > {
  startAt?: Date | undefined;
  /** The caller's own id of the request, and the hash of what it asked for. */
  request?: { key: string; digest: Buffer } | undefined;
}

/** `other`: the key of the request was used for another campaign. */
export async function addCampaign(tx: Tx, made: NewCampaign): Promise<{ id: number; isNew: boolean } | 'other'> {
  const row = await tx
    .insertInto('campaigns')
    .values({
      ...wished(made),
      made_by: made.madeBy,
      request_key: made.request?.key ?? null,
      request_digest: made.request?.digest ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (row) return { id: row.id, isNew: true };
  const before = await tx
    .selectFrom('campaigns')
    .select(['id', 'request_digest'])
    .where('made_by', '=', made.madeBy)
    .where('request_key', '=', made.request?.key ?? '')
    .executeTakeFirstOrThrow();
  return made.request && before.request_digest?.equals(made.request.digest) ? { id: before.id, isNew: false } : 'other';
}

/** Makes a draft what is asked for now. Whoever made it stays its maker. */
export async function rewriteCampaign(tx: Tx, id: number, wish: NewCampaign, by: string): Promise<void> {
  await tx
    .updateTable('campaigns')
    .set({ ...wished(wish), changed_by: sql<string[]>`array_append(array_remove(changed_by, ${by}), ${by})` })
    .where('id', '=', id)
    .execute();
}

const wished = (wish: NewCampaign) => ({
  name: wish.name,
  purpose: wish.purpose,
  texts: wish.texts,
  variables: JSON.stringify(wish.variables),
  segment: JSON.stringify(wish.segment),
  per_minute: wish.perMinute,
  hold_out: wish.holdOut,
  thresholds: JSON.stringify(wish.thresholds),
  start_at: wish.startAt ?? null,
  expires_after_ms: wish.expiresAfterMs,
});

export async function campaignById(db: Queryable, id: number): Promise<Campaign | undefined> {
  const row = await db.selectFrom('campaigns').selectAll().where('id', '=', id).executeTakeFirst();
  return row && campaignOf(row);
}

/** Nobody else changes it until the transaction ends. */
export async function lockedCampaign(tx: Tx, id: number): Promise<Campaign | undefined> {
  const row = await tx.selectFrom('campaigns').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row && campaignOf(row);
}

/** The latest first; `before` is the id of the last one seen. */
export async function listCampaigns(
  db: Queryable,
  { state, before, limit }: { state?: CampaignState | undefined; before?: number | undefined; limit: number },
): Promise<Campaign[]> {
  let query = db.selectFrom('campaigns').selectAll().orderBy('id', 'desc').limit(limit);
  if (state) query = query.where('state', '=', state);
  if (before) query = query.where('id', '<', before);
  return (await query.execute()).map(campaignOf);
}

/** Those for which there is something to do now. */
export async function dueCampaigns(db: Queryable, now: Date): Promise<number[]> {
  const rows = await db
    .selectFrom('campaigns')
    .select('id')
    .where(({ eb, and, or }) =>
      or([eb('state', '=', 'running'), and([eb('state', '=', 'scheduled'), eb('start_at', '<=', now)])]),
    )
    .execute();
  return rows.map(({ id }) => id);
}

export type CampaignChange = Partial<
  Pick<Campaign, 'reason' | 'startAt' | 'approvedBy' | 'approvedAt' | 'plannedAt' | 'planned' | 'released' | 'endedAt'>
> & { state?: CampaignState; pace?: Omit<Pace, 'perMinute'> };

export async function changeCampaign(tx: Tx, id: number, change: CampaignChange): Promise<void> {
  const columns = {
    state: change.state,
    reason: change.reason,
    start_at: change.startAt,
    approved_by: change.approvedBy,
    approved_at: change.approvedAt,
    planned_at: change.plannedAt,
    planned: change.planned,
    released: change.released,
    pace_since: change.pace?.since,
    pace_before: change.pace?.before,
    ended_at: change.endedAt,
  };
  const given = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
  // A reason holds for the state it was given with.
  const reason = change.state && change.reason === undefined ? { reason: null } : {};
  await tx
    .updateTable('campaigns')
    .set({ ...given, ...reason })
    .where('id', '=', id)
    .execute();
}

const campaignOf = (row: Selectable<CampaignTables['campaigns']>): Campaign => ({
  id: row.id,
  name: row.name,
  state: row.state,
  reason: row.reason ?? undefined,
  purpose: row.purpose,
  texts: row.texts,
  variables: row.variables,
  segment: row.segment,
  perMinute: row.per_minute,
  holdOut: row.hold_out,
  thresholds: row.thresholds,
  startAt: row.start_at ?? undefined,
  expiresAfterMs: row.expires_after_ms,
  madeBy: row.made_by,
  madeAt: row.made_at,
  changedBy: row.changed_by,
  approvedBy: row.approved_by ?? undefined,
  approvedAt: row.approved_at ?? undefined,
  plannedAt: row.planned_at ?? undefined,
  planned: row.planned,
  released: row.released,
  pace: row.pace_since ? { perMinute: row.per_minute, since: row.pace_since, before: row.pace_before } : undefined,
  endedAt: row.ended_at ?? undefined,
});
