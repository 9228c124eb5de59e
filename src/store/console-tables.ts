import type { ColumnType, GeneratedAlways } from 'kysely';
import type { Role } from '../domain/console-role.ts';

type Now = ColumnType<Date, Date | undefined, Date>;

/** The rows of the console; `migrations/0017-console.ts` says what each column means. */
export interface ConsoleTables {
  console_users: {
    id: GeneratedAlways<number>;
    email: string;
    name: string | null;
    role: Role;
    source: UserSource;
    password: string | null;
    oidc_subject: string | null;
    created_at: Now;
    signed_in_at: Date | null;
    disabled_at: Date | null;
  };
  console_sessions: {
    id: Buffer;
    user: number;
    created_at: Now;
    seen_at: Now;
    way: SignInWay;
    address: string | null;
    browser: string | null;
  };
  figures: { period: FigurePeriod; at: Date; measure: FigureMeasure; label: string; n: number };
  figures_counted: { one: ColumnType<boolean, boolean | undefined, never>; until: Date };
}

export type UserSource = 'configuration' | 'command-line' | 'oidc';
export type SignInWay = 'password' | 'oidc';

export type FigurePeriod = 'minute' | 'hour';
/**
 * `in`, `out`: messages, by account. `delivery`: by target and outcome. `ticket`: messages of customers that reached their ticket, by the
 * seconds it took at most. `reply`: bubbles of replies, by their state.
 */
export type FigureMeasure = 'in' | 'out' | 'delivery' | 'ticket' | 'reply';
