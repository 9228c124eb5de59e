import { type RawBuilder, sql } from 'kysely';
import type { Queryable } from './database.ts';
import { type NoticeState, noticeStates } from './order-tables.ts';

export interface NoticeFilter {
  state?: NoticeState | undefined;
  /** The name of their texts. */
  event?: string | undefined;
  campaign?: number | undefined;
  customer?: number | undefined;
  /** The number of their order, as the customer knows it. */
  order?: string | undefined;
}

/** A notice as a list shows it, with what it is about and how far it has got. */
export interface ListedNotice {
  id: number;
  event: string;
  state: NoticeState;
  reason: string | null;
  customer: number;
  name: string | null;
  campaign: number | null;
  order: { id: number; number: string } | null;
  /** The account of the latest try. */
  account: string | null;
  tries: number;
  created_at: Date;
  not_before: Date;
  ended_at: Date | null;
}

/** The latest planned first; each after `before`. */
export async function findNotices(
  db: Queryable,
  filter: NoticeFilter,
  limit: number,
  before: number | undefined,
): Promise<ListedNotice[]> {
  return shown(db, wanted(filter, limit, before));
}

/** These, the latest planned first. */
export const findNoticesByIds = (db: Queryable, ids: readonly number[]): Promise<ListedNotice[]> =>
  shown(db, sql`select n.* from notices n where n.id = any(${[...ids]}::bigint[])`);

async function shown(db: Queryable, notices: RawBuilder<unknown>): Promise<ListedNotice[]> {
  const { rows } = await sql<ListedNotice>`
    select n.id, n.event, n.state, n.reason, n.customer, u.name, n.campaign, n.created_at, n.not_before, n.ended_at,
      (select json_build_object('id', o.id, 'number', o.number) from order_events e join orders o on o.id = e."order"
        where e.id = n.order_event) as "order",
      (select t.account from notice_tries t where t.notice = n.id order by t.id desc limit 1) as account,
      (select count(*)::int from notice_tries t where t.notice = n.id) as tries
    from (${notices}) n left join customers u on u.id = n.customer
    order by n.id desc`.execute(db);
  return rows;
}

function wanted(filter: NoticeFilter, limit: number, before: number | undefined): RawBuilder<unknown> {
  const { state, event, campaign, customer, order } = filter;
  const latest = sql`order by n.id desc limit ${limit}`;
  const byOne = customer !== undefined || order !== undefined;
  if (byOne || (state ?? event ?? campaign) === undefined) {
    const said = [
      ...(before === undefined ? [] : [sql`n.id < ${before}`]),
      ...(state === undefined ? [] : [sql`n.state = ${state}`]),
      ...(event === undefined ? [] : [sql`n.event = ${event}`]),
      ...(campaign === undefined ? [] : [sql`n.campaign = ${campaign}`]),
      ...(customer === undefined ? [] : [sql`n.customer = ${customer}`]),
      ...(order === undefined ? [] : [ofOrder(order)]),
    ];
    const where = said.length > 0 ? sql`where ${sql.join(said, sql` and `)}` : sql``;
    return sql`select n.* from notices n ${where} ${latest}`;
  }
  const states = state === undefined ? noticeStates : [state];
  return sql`select n.* from unnest(${[...states]}::text[]) s (state)
    cross join lateral (${ofOneState(filter, limit, before)}) n ${latest}`;
}

/**
 * So many of each state are more than enough, however many there are, and an index has them in order. Told as a range of that
 * index, for Postgres would rather read all notices backwards where it takes the kind asked for to be spread evenly among them.
 */
function ofOneState({ event, campaign }: NoticeFilter, limit: number, before: number | undefined): RawBuilder<unknown> {
  const first =
    campaign !== undefined
      ? [{ column: sql`n.campaign`, value: sql`${campaign}::bigint` }]
      : event !== undefined
        ? [{ column: sql`n.event`, value: sql`${event}::text` }]
        : [];
  const ordered = [...first, { column: sql`n.state`, value: sql`s.state` }];
  const columns = sql.join(ordered.map(({ column }) => column));
  const values = sql.join(ordered.map(({ value }) => value));
  const downwards = sql.join(ordered.map(({ column }) => sql`${column} desc`));
  const ofCampaign = sql`and n.campaign is not null ${event === undefined ? sql`` : sql`and n.event = ${event}`}`;
  return sql`select n.* from notices n
    where (${columns}, n.id) > (${values}, 0) and (${columns}, n.id) < (${values}, ${before ?? highest}::bigint)
      ${campaign === undefined ? sql`` : ofCampaign}
    order by ${downwards}, n.id desc limit ${limit}`;
}

const highest = Number.MAX_SAFE_INTEGER;

/** Several shops may have an order of this number. */
const ofOrder = (number: string) => sql`n.order_event = any(array(
  select e.id from orders o join order_events e on e."order" = o.id where lower(o.number) = ${number.toLowerCase()}))`;
