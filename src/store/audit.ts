import type { ConsoleAct } from './console-acts.ts';
import type { Queryable } from './database.ts';
import type { ActKind } from './link-acts.ts';

/** Who did what to what. `detail` never holds a customer's words or a secret. */
export interface AuditEntry {
  /** `cli:{user of the machine}`, `key:{name of the API key}` or `user:{e-mail address}` of the console. */
  who: string;
  what:
    | ('replay' | 'discard' | 'redact' | 'erase' | 'export')
    | ('key-created' | 'key-revoked')
    | ('mapping-applied' | 'mapping-rolled-back')
    | ConsoleAct
    | `link-${ActKind}`;
  /** A parked id, a conversation, a range, a key's name. */
  subject: string;
  detail?: Record<string, unknown>;
}

export async function audited(db: Queryable, { who, what, subject, detail = {} }: AuditEntry): Promise<void> {
  await db
    .insertInto('audit')
    .values({ who, what, subject, detail: JSON.stringify(detail) })
    .execute();
}

/** The latest entries, newest first. */
export const auditEntries = (db: Queryable, limit: number) =>
  db
    .selectFrom('audit')
    .select(['id', 'at', 'who', 'what', 'subject', 'detail'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
