import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

type Id = GeneratedAlways<number>;
type Now = ColumnType<Date, Date | undefined, Date>;
type Json<T> = ColumnType<T, string, string>;

/** `parked`: the shop refused it, or did not take it for days; a person must look. */
export type ShopWebhookState = 'waiting' | 'done' | 'parked' | 'discarded';
/** `waiting`: the ledger still knows them. `working`: other places do. `incomplete`: some place refused. */
export type ErasureState = 'waiting' | 'working' | 'done' | 'incomplete';
export type ErasureStepState = 'waiting' | 'done' | 'refused';

/** Rows of webhooks to the shop and of privacy. `migrations/0016` makes the tables. */
export interface ShopTables {
  shop_hooks: { id: string; events: string[] };
  shop_webhooks: {
    id: Id;
    hook: string;
    customer: number;
    kind: string;
    data: Json<Record<string, unknown>>;
    occurred_at: Date;
    created_at: Now;
    state: Generated<ShopWebhookState>;
    attempts: Generated<number>;
    next_at: Now;
    reason: string | null;
    ended_at: Date | null;
  };
  erasures: {
    id: Id;
    code: string;
    customer: number | null;
    asked: Json<{ kind: string; accounts: string[]; user: string }> | null;
    asked_by: string;
    asked_at: Now;
    state: Generated<ErasureState>;
    ended_at: Date | null;
  };
  erasure_steps: {
    id: Id;
    erasure: number;
    place: string;
    what: string;
    ref: Json<Record<string, unknown>> | null;
    state: Generated<ErasureStepState>;
    count: Generated<number>;
    reason: string | null;
    attempts: Generated<number>;
    ended_at: Date | null;
  };
  shop_orders: { shop: string; remote_id: string; number: string };
  erased_users: { digest: Buffer; erased_at: Now };
  consent_proofs: {
    id: Id;
    subjects: Buffer[];
    channel: string;
    purpose: string;
    act: string;
    source: string;
    words: string | null;
    at: Date;
    kept_since: Now;
  };
}
