import type { ColumnType, GeneratedAlways } from 'kysely';
import type { ConsentAct, ConsentState } from '../domain/consent.ts';

/** Rows of the consent ledger and of the gate; the meaning of each column stands in `migrations/0013-consents.ts`. */
export interface ConsentTables {
  consents: {
    id: GeneratedAlways<number>;
    customer: number;
    channel: string;
    purpose: string;
    act: ConsentAct;
    source: string;
    words: string | null;
    at: Date;
    recorded_at: ColumnType<Date, Date | undefined, never>;
    by_whom: string;
    account: string | null;
    platform_user: string | null;
    event: string | null;
    message: number | null;
    request_id: string | null;
    request_digest: Buffer | null;
    ip: string | null;
  };
  consent_states: {
    customer: number;
    channel: string;
    purpose: string;
    state: ConsentState;
    since: Date;
    act: number;
  };
  sendings: {
    key: string;
    customer: number;
    conversation: number;
    purpose: string;
    priority: number;
    form: string;
    digest: Buffer | null;
    at: Date;
  };
}
