import type { ColumnType, Generated } from 'kysely';

/** Rows of signed links and of who came with one; the meaning of each column stands in `migrations/0007-identity.ts`. */
export interface LinkTables {
  links: {
    id: string;
    token_digest: Buffer;
    made_by: string;
    request_key: Buffer | null;
    request_digest: Buffer;
    accounts: string[];
    shop_customer: string;
    email: string | null;
    phone: string | null;
    name: string | null;
    note: string | null;
    consents: ColumnType<unknown, string | undefined, never>;
    created_at: ColumnType<Date, Date | undefined, Date>;
    expires_at: Date;
    used_at: Date | null;
    used_account: string | null;
    used_platform_user: string | null;
    used_event: string | null;
    used_customer: number | null;
  };
  wrong_tokens: {
    account: string;
    platform_user: string;
    tries: Generated<number>;
    since: ColumnType<Date, Date | undefined, Date>;
  };
  user_refs: {
    account: string;
    user_ref: string;
    ref: string | null;
    opted_in_at: Date;
    platform_user: string | null;
  };
}
