/** What a health check found. `fix` says what the operator should do. */
export interface Finding {
  ok: boolean;
  what: string;
  why?: string;
  fix?: string;
  /** What goes wrong because of it, in a sentence. */
  matters?: string;
  /** With `ok`: it holds for now, but not for ever, or not in every case. */
  warning?: true;
}

/** Whether a platform calls our webhook. `fix` says what the operator should do if not. */
export type Subscription = { ok: true } | { ok: false; why: string; fix: string };
