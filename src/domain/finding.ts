/** What a health check found. `fix` says what the operator should do. */
export interface Finding {
  ok: boolean;
  what: string;
  why?: string;
  fix?: string;
}

/** Whether a platform calls our webhook. `fix` says what the operator should do if not. */
export type Subscription = { ok: true } | { ok: false; why: string; fix: string };
