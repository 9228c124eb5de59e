export interface AuditLine {
  id: number;
  at: string;
  who: string;
  what: string;
  subject: string;
  detail: Record<string, unknown>;
}

/** What one can look for: whoever did something lately, and what was done. */
export interface AuditChoices {
  who: string[];
  what: string[];
}
