/** What a health check found. `fix` says what the operator should do. */
export interface Finding {
  ok: boolean;
  what: string;
  why?: string;
  fix?: string;
}
